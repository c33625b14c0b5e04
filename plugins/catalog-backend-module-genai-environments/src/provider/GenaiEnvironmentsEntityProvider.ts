import type {
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type {
  DeferredEntity,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { EventParams, EventsService } from '@backstage/plugin-events-node';
import {
  Environment,
  environmentNameSchema,
  GENAI_ENVIRONMENTS_TOPIC,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { ApiDocuments } from './ApiDocuments';
import { entityRefsOf, toEntities } from './entities';
import type { EnvironmentReader } from './EnvironmentReader';
import type { KnownApis } from './KnownApis';

const PROVIDER_NAME = 'genai-environments';
/** Names looked at together; also how many reads are under way at once. */
const BATCH_SIZE = 20;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const MAX_SEED_ATTEMPTS = 5;

export type GenaiEnvironmentsEntityProviderOptions = {
  reader: Pick<EnvironmentReader, 'list' | 'get'>;
  documents: ApiDocuments;
  knownApis: Pick<KnownApis, 'load'>;
  events: EventsService;
  logger: LoggerService;
  taskRunner: SchedulerServiceTaskRunner;
  /** Delay before the first repetition after a failure; doubles up to 15 s. */
  firstRetryMs?: number;
};

/**
 * Emits the entities of every environment and keeps them so.
 *
 * Events are hints about names; what the catalog gets is always read from the API. One
 * loop does all reading and writing, so mutations of this process never overtake each
 * other. Another replica's can, which is why each name is read again after its mutation:
 * whoever wrote last has then seen the latest state.
 */
export class GenaiEnvironmentsEntityProvider implements EntityProvider {
  private connection?: EntityProviderConnection;
  private readonly changedNames = new Set<string>();
  private fullSyncWanted = false;
  private working = false;
  private loop?: Promise<void>;
  private readonly unreadNames = new Set<string>();
  private lastReadError?: unknown;
  private failures = 0;
  private retry?: NodeJS.Timeout;
  private seeded = false;
  private closed = false;

  static create(options: GenaiEnvironmentsEntityProviderOptions) {
    return new GenaiEnvironmentsEntityProvider(options);
  }

  private constructor(
    private readonly options: GenaiEnvironmentsEntityProviderOptions,
  ) {}

  getProviderName(): string {
    return PROVIDER_NAME;
  }

  /** {@inheritdoc @backstage/plugin-catalog-node#EntityProvider.connect} */
  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    const { documents, events, taskRunner } = this.options;
    documents.subscribe(name => this.changed(name));
    await events.subscribe({
      id: 'catalog-genai-environments',
      topics: [GENAI_ENVIRONMENTS_TOPIC],
      onEvent: async params => this.onEvent(params),
    });
    await taskRunner.run({
      id: 'genai-environments-sync',
      fn: async () => {
        this.synchronize();
        await this.loop;
      },
    });
    // The schedule alone would leave the catalog behind for up to a minute after a start.
    this.synchronize();
  }

  /** Compares everything, soon. */
  synchronize() {
    this.fullSyncWanted = true;
    this.wake();
  }

  async shutdown() {
    this.closed = true;
    clearTimeout(this.retry);
    this.options.documents.close();
    await this.loop;
  }

  private onEvent(params: EventParams) {
    const name = (params.eventPayload as { name?: unknown } | undefined)?.name;
    const parsed = environmentNameSchema.safeParse(name);
    if (parsed.success) this.changed(parsed.data);
  }

  private changed(name: string) {
    this.changedNames.add(name);
    this.wake();
  }

  private wake() {
    if (this.closed || this.working) return;
    clearTimeout(this.retry);
    this.working = true;
    this.loop = this.work();
  }

  private async work() {
    try {
      while (!this.closed && (this.fullSyncWanted || this.changedNames.size)) {
        if (this.fullSyncWanted) await this.applyAll();
        else await this.applyChanged();
      }
      if (this.unreadNames.size) throw this.lastReadError;
      this.failures = 0;
    } catch (error) {
      this.tryLater(error);
    } finally {
      this.working = false;
    }
  }

  private tryLater(error: unknown) {
    const { logger, firstRetryMs = FIRST_RETRY_MS } = this.options;
    const delay = Math.min(firstRetryMs * 2 ** this.failures, LAST_RETRY_MS);
    this.failures += 1;
    logger.warn(
      `GenAI environments could not be brought into the catalog, next attempt in ${delay} ms: ${stringifyError(
        error,
      )}`,
    );
    if (this.closed) return;
    this.retry = setTimeout(() => {
      for (const name of this.unreadNames) this.changedNames.add(name);
      this.unreadNames.clear();
      this.wake();
    }, delay).unref();
  }

  private async applyAll() {
    await this.seedDocuments();
    const { connection, options } = this;
    const before = byName(await options.reader.list());
    options.documents.retain(new Set(before.keys()));
    await connection!.applyMutation({
      type: 'full',
      entities: [...before.values()].flatMap(e => this.deferredEntities(e)),
    });
    this.fullSyncWanted = false;
    const after = byName(await options.reader.list());
    const names = new Set([...before.keys(), ...after.keys()]);
    this.noteDifferences(names, before, after);
  }

  private async applyChanged() {
    const batch = [...this.changedNames].slice(0, BATCH_SIZE);
    // Before reading: an event that arrives meanwhile asks for another round.
    for (const name of batch) this.changedNames.delete(name);
    try {
      const before = await this.read(batch);
      await this.applyDelta(before);
      const after = await this.read([...before.keys()]);
      this.noteDifferences(after.keys(), before, after);
    } catch (error) {
      for (const name of batch) this.changedNames.add(name);
      throw error;
    }
  }

  private async applyDelta(environments: Map<string, Environment | undefined>) {
    const added: DeferredEntity[] = [];
    const removed: Array<{ entityRef: string; locationKey: string }> = [];
    for (const [name, environment] of environments) {
      const present = environment ? this.deferredEntities(environment) : [];
      if (!environment) this.options.documents.forget(name);
      const refs = new Set(present.map(d => stringifyEntityRef(d.entity)));
      added.push(...present);
      for (const entityRef of Object.values(entityRefsOf(name))) {
        if (!refs.has(entityRef)) {
          removed.push({ entityRef, locationKey: PROVIDER_NAME });
        }
      }
    }
    if (environments.size === 0) return;
    await this.connection!.applyMutation({ type: 'delta', added, removed });
  }

  private noteDifferences(
    names: Iterable<string>,
    before: Map<string, Environment | undefined>,
    after: Map<string, Environment | undefined>,
  ) {
    for (const name of names) {
      if (fingerprint(before.get(name)) !== fingerprint(after.get(name))) {
        this.changedNames.add(name);
      }
    }
  }

  /** Leaves out, for later, what could not be read, so that it holds up nothing else. */
  private async read(
    names: string[],
  ): Promise<Map<string, Environment | undefined>> {
    const found = new Map<string, Environment | undefined>();
    const readOne = async (name: string) => {
      try {
        found.set(name, await this.options.reader.get(name));
      } catch (error) {
        this.unreadNames.add(name);
        this.lastReadError = error;
      }
    };
    await Promise.all(names.map(readOne));
    return found;
  }

  private deferredEntities(environment: Environment): DeferredEntity[] {
    const openApi = this.options.documents.current(environment);
    return toEntities({ environment, openApi }).map(entity => ({
      entity,
      locationKey: PROVIDER_NAME,
    }));
  }

  private async seedDocuments() {
    if (this.seeded) return;
    try {
      const known = await this.options.knownApis.load();
      for (const { name, uid, definition } of known) {
        this.options.documents.seed(name, uid, definition);
      }
    } catch (error) {
      // Knowing them is a comfort that a broken catalog API must not turn into a block.
      if (this.failures < MAX_SEED_ATTEMPTS) throw error;
    }
    this.seeded = true;
  }
}

function byName(environments: Environment[]): Map<string, Environment> {
  return new Map(environments.map(e => [e.name, e]));
}

/** Equal when an environment's entities are, apart from the API document. */
function fingerprint(environment: Environment | undefined): string {
  if (!environment) return '';
  const { uid, owner, spec, status } = environment;
  return JSON.stringify([uid, owner, spec, status.phase, status.outputs]);
}
