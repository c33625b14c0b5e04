import { openDatabase } from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { USAGE_AND_LIMITS } from './usageMigrations';

const MIGRATIONS = [
  `
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

  CREATE TABLE invocation (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    request TEXT,
    outcome TEXT,
    accepted_at INTEGER NOT NULL,
    expires_at INTEGER
  ) STRICT;
  CREATE INDEX invocation_pending ON invocation (client_id) WHERE status = 'pending';
  CREATE INDEX invocation_expiry ON invocation (expires_at) WHERE expires_at IS NOT NULL;
  `,
  USAGE_AND_LIMITS,
  `
  ALTER TABLE invocation ADD COLUMN due_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE invocation ADD COLUMN runs INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX invocation_due ON invocation (due_at) WHERE status = 'pending';
  `,
];

/** Opens the service's database in the environment's data directory. */
export function openModelDatabase(options: {
  dataDirectory: string;
}): DatabaseSync {
  return openDatabase({
    path: join(options.dataDirectory, 'model-invocation.sqlite'),
    migrations: MIGRATIONS,
  });
}
