import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
const MAX_CONCURRENT_FETCHES = 4;

type Entry = {
  uid: string;
  /** What the definition was fetched for; `undefined` when it came from the catalog. */
  fetchedFor?: string;
  definition?: string;
  /** What shall be fetched, while that is under way or waits for its next attempt. */
  wanted?: string;
  retry?: NodeJS.Timeout;
};

/**
 * The OpenAPI documents of the environments.
 *
 * An environment that is slow to answer must not hold up its entities or those of
 * others, so documents are fetched in the background: {@link current} answers with what
 * is known now, and `onLoaded` tells when there is more.
 */
export class ApiDocuments {
  private readonly entries = new Map<string, Entry>();
  private readonly waiting: Array<() => Promise<void>> = [];
  private fetching = 0;
  private closed = false;
  private onLoaded: (name: string) => void = () => {};

  static create(options: {
    reader: { getOpenApi(name: string): Promise<Record<string, unknown>> };
    logger: LoggerService;
    /** Delay before the first repetition of a failed fetch; doubles up to a minute. */
    firstRetryMs?: number;
  }) {
    return new ApiDocuments(options);
  }

  private constructor(
    private readonly options: Parameters<typeof ApiDocuments.create>[0],
  ) {}

  /** Calls `listener` with an environment's name when its document changed. */
  subscribe(listener: (name: string) => void) {
    this.onLoaded = listener;
  }

  /** Takes over a definition that was fetched before this process started. */
  seed(name: string, uid: string, definition: string) {
    if (!this.entries.has(name)) this.entries.set(name, { uid, definition });
  }

  /**
   * The environment's document as far as it is known; has a newer one fetched when the
   * environment changed since and can be asked.
   */
  current(environment: Environment): string | undefined {
    const { name, uid } = environment;
    let entry = this.entries.get(name);
    if (entry?.uid !== uid) {
      this.forget(name);
      entry = { uid };
      this.entries.set(name, entry);
    }
    const version = documentVersion(environment);
    if (!answers(environment)) {
      this.stopFetching(entry);
    } else if (entry.fetchedFor !== version && entry.wanted !== version) {
      this.stopFetching(entry);
      this.fetch(name, entry, version, 0);
    }
    return entry.definition;
  }

  forget(name: string) {
    const entry = this.entries.get(name);
    if (entry) this.stopFetching(entry);
    this.entries.delete(name);
  }

  /** Forgets all but these. */
  retain(names: Set<string>) {
    for (const name of this.entries.keys()) {
      if (!names.has(name)) this.forget(name);
    }
  }

  close() {
    this.closed = true;
    this.waiting.length = 0;
    this.retain(new Set());
  }

  private stopFetching(entry: Entry) {
    clearTimeout(entry.retry);
    entry.wanted = undefined;
  }

  private fetch(name: string, entry: Entry, version: string, attempt: number) {
    if (this.closed) return;
    entry.wanted = version;
    this.waiting.push(async () => {
      const isWanted = () =>
        this.entries.get(name) === entry && entry.wanted === version;
      if (!isWanted()) return;
      try {
        const document = await this.options.reader.getOpenApi(name);
        if (isWanted()) this.store(name, entry, version, document);
      } catch (error) {
        this.options.logger.debug(
          `No API document of environment ${name} yet: ${stringifyError(
            error,
          )}`,
        );
        if (!isWanted()) return;
        const first = this.options.firstRetryMs ?? FIRST_RETRY_MS;
        entry.retry = setTimeout(
          () => this.fetch(name, entry, version, attempt + 1),
          Math.min(first * 2 ** attempt, LAST_RETRY_MS),
        ).unref();
      }
    });
    this.work();
  }

  private store(
    name: string,
    entry: Entry,
    version: string,
    document: Record<string, unknown>,
  ) {
    if (typeof document.openapi !== 'string') {
      throw new TypeError('what was answered is not an OpenAPI document');
    }
    const definition = JSON.stringify(document, null, 2);
    const changed = definition !== entry.definition;
    entry.definition = definition;
    entry.fetchedFor = version;
    entry.wanted = undefined;
    if (changed) this.onLoaded(name);
  }

  private work() {
    while (this.fetching < MAX_CONCURRENT_FETCHES) {
      const next = this.waiting.shift();
      if (!next) return;
      this.fetching += 1;
      next().finally(() => {
        this.fetching -= 1;
        this.work();
      });
    }
  }
}

function answers({ status }: Environment): boolean {
  return (
    status.outputs.endpoint !== undefined &&
    (status.phase === 'Ready' || status.phase === 'Degraded')
  );
}

/**
 * A change of the spec can change the document, and so can a service that was started
 * again, because an upgrade of the runtime does that without touching the spec.
 */
function documentVersion({ status }: Environment): string {
  const starts = status.services.map(service => service.startedAt ?? '');
  return [status.observedGeneration, ...starts.sort()].join(' ');
}
