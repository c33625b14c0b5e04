import type { Migration } from '@genai-environments/service-kit';

/**
 * One file per index. `chunk.id` only ascends and a chunk that is replaced gets a new one, so
 * whoever holds codes in memory catches up with the rows after the last id it saw and the
 * removals after the last number it saw; when `generation` changed, it starts anew.
 */
export const INDEX_MIGRATIONS: Migration[] = [
  `
  CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO setting VALUES ('generation', 1);

  CREATE TABLE document (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    file_name TEXT NOT NULL,
    chunking_job_id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    UNIQUE (file_name, chunking_job_id)
  ) STRICT;

  CREATE TABLE chunk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_no INTEGER NOT NULL REFERENCES document (no),
    position INTEGER NOT NULL,
    page_number INTEGER,
    chunk_id TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (document_no, position)
  ) STRICT;

  CREATE TABLE code (
    id INTEGER PRIMARY KEY,
    document_no INTEGER NOT NULL,
    page_number INTEGER,
    scale REAL NOT NULL,
    code BLOB NOT NULL
  ) STRICT;

  CREATE TABLE removal (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id INTEGER NOT NULL
  ) STRICT;

  CREATE VIRTUAL TABLE chunk_text USING fts5 (
    text, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 2"
  );
  `,
];
