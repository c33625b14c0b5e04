import {
  type ApplicationDirectory,
  type Clock,
  DependencyError,
  type DirectoryEntry,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import type {
  ApplicationRecord,
  ApplicationRecords,
} from './ApplicationRecords';
import type { CognitoUserPool } from './CognitoUserPool';

const LOOK_EVERY_MS = 2000;
/** What a deactivation is promised to take at most. */
const TRUSTED_FOR_MS = 30_000;
/** A client that the pool does not know is not asked for again for so long. */
const UNKNOWN_FOR_MS = 20_000;
const MAX_UNKNOWN = 10_000;

/**
 * Answers from memory which applications there are. Looks every two seconds whether the
 * table has changed; what it cannot confirm for 30 s it does not trust any more.
 */
export class TableApplicationDirectory implements ApplicationDirectory {
  private records = new Map<string, ApplicationRecord>();
  private readonly unknown = new Map<string, number>();
  private known = -1;
  private confirmedAt = 0;
  private readonly loading = new RepeatedWork({
    work: () => this.load(),
    everyMs: LOOK_EVERY_MS,
    onError: error =>
      this.options.logger.error(
        { err: error },
        'The applications could not be read; what is known holds for 30 s',
      ),
  });

  constructor(
    private readonly options: {
      pool: CognitoUserPool;
      records: ApplicationRecords;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  /** Reads all applications and begins to look for changes. */
  async open(): Promise<void> {
    await this.refresh();
    this.loading.start({ first: 'wait' });
  }

  /** @throws DependencyError (`applications_unknown`) when the table was not seen for 30 s */
  find(
    clientId: string,
  ): DirectoryEntry | undefined | Promise<DirectoryEntry | undefined> {
    const now = this.options.clock.now();
    if (now - this.confirmedAt > TRUSTED_FOR_MS) throw notConfirmed();
    const record = this.records.get(clientId);
    if (record) return toEntry(record);
    if ((this.unknown.get(clientId) ?? 0) > now) return undefined;
    return this.adopt(clientId);
  }

  /** Those that the portal decides about. */
  listOfPortal(): ApplicationRecord[] {
    return [...this.records.values()].filter(
      ({ managedBy }) => managedBy === 'portal',
    );
  }

  /** Reads the applications if they have changed. */
  refresh(): Promise<void> {
    return this.loading.run();
  }

  /** Ends looking. */
  close(): Promise<void> {
    return this.loading.close();
  }

  /**
   * Its token was issued by the pool, so it may be a client that nobody has told the table
   * of: then it is noted there.
   */
  private async adopt(clientId: string): Promise<DirectoryEntry | undefined> {
    const { pool, records, clock } = this.options;
    const client = await pool.describe(clientId);
    if (!client) {
      if (this.unknown.size >= MAX_UNKNOWN) this.unknown.clear();
      this.unknown.set(clientId, clock.now() + UNKNOWN_FOR_MS);
      return undefined;
    }
    await records.add(toAdopted(client));
    const record = await records.get(clientId);
    return record && toEntry(record);
  }

  /** The revision comes first: what is newer than it is only read once more. */
  private async load(): Promise<void> {
    const { records, clock } = this.options;
    const now = clock.now();
    const revision = await records.revision();
    if (revision !== this.known) {
      const all = await records.list();
      this.records = new Map(all.map(record => [record.clientId, record]));
      this.known = revision;
    }
    this.confirmedAt = now;
  }
}

/** A client that was made in the pool by somebody else: in this environment, by the portal. */
export function toAdopted(client: {
  clientId: string;
  name: string;
  scopes: string[];
  createdAt: number;
}): ApplicationRecord {
  return {
    ...client,
    ...{ description: '', enabled: true, deactivated: false, revision: 0 },
    managedBy: 'portal',
  };
}

function toEntry(record: ApplicationRecord): DirectoryEntry {
  const { clientId, name, scopes, enabled, deactivated } = record;
  return { clientId, name, scopes, enabled: enabled && !deactivated };
}

function notConfirmed(): DependencyError {
  return new DependencyError(
    'Which applications may call is not known just now. Try again shortly.',
    {
      kind: 'unavailable',
      retryable: true,
      retryAfterSeconds: 2,
      code: 'applications_unknown',
    },
  );
}
