import { createLogger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openModelDatabase } from './database';
import { SqliteUsageLedger } from './SqliteUsageLedger';

/** The usage table as release 0.1.0 wrote it. */
const FIRST_RELEASE = `
  CREATE TABLE usage (
    day TEXT NOT NULL,
    client_id TEXT NOT NULL,
    model TEXT NOT NULL,
    invocations INTEGER NOT NULL,
    failed_invocations INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    PRIMARY KEY (day, client_id, model)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO usage VALUES ('2026-01-01', 'a', 'm', 5, 1, 30, 20);
  CREATE TABLE invocation (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, client_id TEXT NOT NULL,
    status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, request TEXT,
    outcome TEXT, accepted_at INTEGER NOT NULL, expires_at INTEGER
  ) STRICT;
  PRAGMA user_version = 1;`;

it('keeps what the first release counted', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'model-migration-'));
  const old = new DatabaseSync(join(dataDirectory, 'model-invocation.sqlite'));
  old.exec(FIRST_RELEASE);
  old.close();

  const database = openModelDatabase({ dataDirectory });
  const logger = createLogger({ level: 'silent' });
  const ledger = new SqliteUsageLedger({
    database,
    logger,
    clock: { now: () => Date.parse('2026-01-01') },
  });
  ledger.record({
    clientId: 'a',
    model: 'm',
    inputTokens: 1,
    outputTokens: 1,
    failed: false,
    costMicroUsd: 9,
  });
  const range = { from: '2026-01-01', to: '2026-01-01' };
  expect(await ledger.query(range)).toMatchObject([
    {
      invocations: 6,
      failedInvocations: 1,
      cancelledInvocations: 0,
      inputTokens: 31,
      outputTokens: 21,
      costMicroUsd: 9,
    },
  ]);
  database.close();
  rmSync(dataDirectory, { recursive: true });
});
