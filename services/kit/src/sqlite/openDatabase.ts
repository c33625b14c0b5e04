import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** As a LIMIT: no limit. */
export const ALL_ROWS = -1;

/** One step of a schema's history: SQL that is run once, in order, never edited later. */
export type Migration = string;

export type DatabaseOptions = {
  /** File, made when missing (readable by its owner only), or `:memory:`. */
  path: string;
  /** All steps from the first version on; `PRAGMA user_version` counts those that ran. */
  migrations: Migration[];
  /** How long to wait for another process's lock; default 5 s. */
  busyTimeoutMs?: number;
};

/** The file was written by a newer release than this one. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';
}

/**
 * Opens an SQLite database in WAL mode and brings its schema up to date. With
 * `synchronous = NORMAL` a committed transaction survives a crash of the process, and
 * only a loss of power can take the last ones away.
 *
 * @throws NewerDatabaseError when it has more migrations than this release knows
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, migrations, busyTimeoutMs = 5000 } = options;
  const inMemory = path === ':memory:';
  if (!inMemory) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });

  const database = new DatabaseSync(path);
  try {
    if (!inMemory) chmodSync(path, 0o600);
    database.exec(`
      PRAGMA busy_timeout = ${Math.trunc(busyTimeoutMs)};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA foreign_keys = ON;
    `);
    migrate(database, { path, migrations });
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * Runs `work` in a transaction that takes the write lock at once, so that what it reads
 * cannot change before it writes. Rolls back when it throws. Does not nest.
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function migrate(
  database: DatabaseSync,
  options: { path: string; migrations: Migration[] },
): void {
  const { path, migrations } = options;
  if (versionOf(database) === migrations.length) return;

  inTransaction(database, () => {
    // Read again under the lock: another process may have migrated meanwhile.
    const version = versionOf(database);
    if (version > migrations.length) {
      throw new NewerDatabaseError(
        `${path} has schema version ${version}, this release knows ${migrations.length}. Start a newer release.`,
      );
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get() as {
    user_version: number;
  };
  return row.user_version;
}
