import { openDatabase } from '@genai-environments/service-kit';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

const MIGRATIONS = [
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
