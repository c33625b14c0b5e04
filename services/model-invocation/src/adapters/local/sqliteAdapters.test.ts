import { createLogger, Logger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { invocationStoreContract } from '../../ports/testing/invocationStoreContract';
import { invocationLogContract } from '../../ports/testing/invocationLogContract';
import { usageLedgerContract } from '../../ports/testing/usageLedgerContract';
import { openModelDatabase } from './database';
import { SqliteInvocationLog } from './SqliteInvocationLog';
import { SqliteInvocationStore } from './SqliteInvocationStore';
import { SqliteUsageLedger } from './SqliteUsageLedger';

const logger: Logger = createLogger({ level: 'silent' });

/** A data directory and the connections that were opened on it. */
function makeStorage() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'model-sqlite-'));
  const databases: DatabaseSync[] = [];
  return {
    connect() {
      const database = openModelDatabase({ dataDirectory });
      databases.push(database);
      return database;
    },
    async tearDown() {
      for (const database of databases) database.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

describe('SqliteInvocationStore', () => {
  invocationStoreContract({
    async setUp() {
      const { connect, tearDown } = makeStorage();
      return {
        open: () => new SqliteInvocationStore({ database: connect() }),
        tearDown,
      };
    },
  });
});

describe('SqliteInvocationLog', () => {
  invocationLogContract({
    async setUp() {
      const { connect, tearDown } = makeStorage();
      return {
        open: () => new SqliteInvocationLog({ database: connect(), logger }),
        tearDown,
      };
    },
  });
});

describe('SqliteUsageLedger', () => {
  usageLedgerContract({
    async setUp(clock) {
      const { connect, tearDown } = makeStorage();
      return {
        open: () =>
          new SqliteUsageLedger({ database: connect(), logger, clock }),
        tearDown,
      };
    },
  });

  const call = {
    clientId: 'a',
    model: 'm',
    inputTokens: 1,
    outputTokens: 1,
    failed: false,
  };
  const rows = (database: DatabaseSync) =>
    database.prepare('SELECT invocations FROM usage').all();

  it('commits calls in one group soon after the first', () => {
    jest.useFakeTimers();
    const { connect, tearDown } = makeStorage();
    const reader = connect();
    const ledger = new SqliteUsageLedger({ database: connect(), logger });
    for (let i = 0; i < 1000; i++) ledger.record(call);
    expect(rows(reader)).toEqual([]);
    jest.advanceTimersByTime(50);
    expect(rows(reader)).toEqual([{ invocations: 1000 }]);
    jest.useRealTimers();
    return tearDown();
  });

  it('loses nothing while the database cannot be written', async () => {
    const { connect, tearDown } = makeStorage();
    const blocker = connect();
    const database = connect();
    database.exec('PRAGMA busy_timeout = 0');
    const errors: string[] = [];
    let noted = () => {};
    const ledger = new SqliteUsageLedger({
      database,
      flushAfterMs: 1,
      logger: createLogger({
        destination: {
          write: line => {
            errors.push(line);
            noted();
          },
        },
      }),
    });
    const failed = new Promise<void>(resolve => {
      noted = resolve;
    });
    blocker.exec('BEGIN IMMEDIATE');
    ledger.record(call);
    await failed;
    expect(errors[0]).toContain('locked');
    blocker.exec('COMMIT');
    ledger.record(call);
    await ledger.close();
    expect(rows(blocker)).toEqual([{ invocations: 2 }]);
    await tearDown();
  });
});
