import type { Migration } from '@genai-environments/service-kit';

/** Wider counters, the invocation log, and limits with what they hold. */
export const USAGE_AND_LIMITS: Migration = `
  ALTER TABLE usage ADD COLUMN cancelled_invocations INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN cached_invocations INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN cost_micro_usd INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE usage ADD COLUMN duration_ms INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX usage_by_client ON usage (client_id, day);

  CREATE TABLE invocation_log (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    client_id TEXT NOT NULL,
    model TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed', 'cancelled')),
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_micro_usd INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    cached INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX invocation_log_by_client ON invocation_log (client_id, sequence);

  CREATE TABLE limit_setting (
    subject TEXT PRIMARY KEY,
    limits TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE limit_revision (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL
  ) STRICT;
  INSERT INTO limit_revision (id, revision) VALUES (1, 0);

  CREATE TABLE limit_meter (
    period TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (period, subject, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE limit_rate (
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    full_at REAL NOT NULL,
    PRIMARY KEY (subject, name)
  ) STRICT, WITHOUT ROWID;
`;
