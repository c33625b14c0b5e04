import { openDatabase, queueMigrations } from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const MIGRATIONS = [
  `
  CREATE TABLE job (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    dispatched INTEGER NOT NULL DEFAULT 0,
    total_files INTEGER NOT NULL DEFAULT 0,
    completed_files INTEGER NOT NULL DEFAULT 0,
    failed_files INTEGER NOT NULL DEFAULT 0,
    ingest_id TEXT,
    extraction_job_id TEXT,
    chunking TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX job_of_client ON job (client_id, kind, position);
  CREATE INDEX job_undispatched ON job (position)
    WHERE status = 'started' AND dispatched = 0;

  CREATE TABLE job_file (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    warning TEXT,
    page_count INTEGER,
    table_count INTEGER,
    chunk_count INTEGER,
    updated_at INTEGER NOT NULL,
    UNIQUE (job_id, id),
    UNIQUE (job_id, file_name)
  ) STRICT;
  CREATE INDEX job_file_of_job ON job_file (job_id, position);

  CREATE TABLE ingest (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    extraction_job_id TEXT NOT NULL,
    chunking_job_id TEXT NOT NULL,
    vectorize_job_id TEXT,
    index_id TEXT,
    chunking TEXT NOT NULL,
    ending TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE removal (object_prefix TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX job_of_client_by_time ON job (client_id, kind, created_at);
  ALTER TABLE job_file ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE ingest ADD COLUMN planned_vectorize_job_id TEXT NOT NULL DEFAULT '';
  UPDATE ingest SET planned_vectorize_job_id = lower(hex(randomblob(16)));
  `,
];

/** Opens the service's database, which also holds its queues. */
export function openDocumentDatabase(options: {
  dataDirectory: string;
}): DatabaseSync {
  return openDatabase({
    path: join(options.dataDirectory, 'document-processing.sqlite'),
    migrations: [...queueMigrations, ...MIGRATIONS],
  });
}
