import { openDatabase } from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** All steps of the schema's history. */
export const MIGRATIONS = [
  `
  CREATE TABLE prompt_version (
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    id TEXT NOT NULL UNIQUE,
    template TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, name, version)
  ) STRICT, WITHOUT ROWID;
  `,
  // Templates of before were saved when only their callers rendered them.
  `
  ALTER TABLE prompt_version ADD COLUMN syntax TEXT NOT NULL DEFAULT 'classic';

  CREATE TABLE prompt_label (
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    version INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, name, label),
    FOREIGN KEY (client_id, name, version)
      REFERENCES prompt_version (client_id, name, version) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX prompt_label_version ON prompt_label (client_id, name, version);
  `,
];

/** Opens the service's database in the environment's data directory. */
export function openPromptDatabase(options: {
  dataDirectory: string;
}): DatabaseSync {
  return openDatabase({
    path: join(options.dataDirectory, 'prompt-management.sqlite'),
    migrations: MIGRATIONS,
  });
}
