import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ingestRepositoryContract } from '../../ports/testing/ingestRepositoryContract';
import { openDocumentDatabase } from './database';
import { SqliteIngestRepository } from './SqliteIngestRepository';

describe('SqliteIngestRepository', () => {
  ingestRepositoryContract({
    async setUp() {
      const dataDirectory = mkdtempSync(join(tmpdir(), 'ingests-'));
      const databases: DatabaseSync[] = [];
      return {
        open() {
          const database = openDocumentDatabase({ dataDirectory });
          databases.push(database);
          return new SqliteIngestRepository({ database });
        },
        async tearDown() {
          for (const database of databases) database.close();
          rmSync(dataDirectory, { recursive: true });
        },
      };
    },
  });
});
