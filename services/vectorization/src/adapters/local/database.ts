import {
  Migration,
  openDatabase,
  queueMigrations,
} from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const MIGRATIONS: Migration[] = [
  ...queueMigrations,
  `
  CREATE TABLE vector_store (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT,
    tags TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX vector_store_client ON vector_store (client_id, no);

  CREATE TABLE vector_index (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    store_id TEXT NOT NULL REFERENCES vector_store (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    model TEXT,
    dimension INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (store_id, name)
  ) STRICT;
  CREATE INDEX vector_index_store ON vector_index (store_id, no);

  CREATE TABLE pending_removal (index_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

  CREATE TABLE vectorize_job (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    store_id TEXT NOT NULL,
    index_id TEXT NOT NULL REFERENCES vector_index (id) ON DELETE CASCADE,
    chunking_job_id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    total_files INTEGER NOT NULL,
    completed_files INTEGER NOT NULL DEFAULT 0,
    failed_files INTEGER NOT NULL DEFAULT 0,
    begun INTEGER NOT NULL DEFAULT 0,
    queued INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX vectorize_job_client ON vectorize_job (client_id, no);
  CREATE INDEX vectorize_job_index ON vectorize_job (index_id);
  CREATE INDEX vectorize_job_unqueued ON vectorize_job (no) WHERE queued = 0;

  CREATE TABLE vectorize_file (
    job_id TEXT NOT NULL REFERENCES vectorize_job (id) ON DELETE CASCADE,
    no INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    status TEXT NOT NULL,
    chunk_count INTEGER,
    reason TEXT,
    PRIMARY KEY (job_id, no)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  DROP INDEX vector_store_client;
  CREATE INDEX vector_store_made ON vector_store (client_id, created_at, no);
  CREATE INDEX vectorize_job_made ON vectorize_job (client_id, created_at);
  ALTER TABLE pending_removal ADD COLUMN store_type TEXT NOT NULL DEFAULT 'local';
  `,
  `
  ALTER TABLE vectorize_file ADD COLUMN progress INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE vectorize_file ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  `,
];

/** Opens the service's database in the environment's data directory. */
export function openVectorizationDatabase(options: {
  dataDirectory: string;
}): DatabaseSync {
  return openDatabase({
    path: join(options.dataDirectory, 'vectorization.sqlite'),
    migrations: MIGRATIONS,
  });
}
