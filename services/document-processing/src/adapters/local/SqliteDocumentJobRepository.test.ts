import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { documentJobRepositoryContract } from '../../ports/testing/documentJobRepositoryContract';
import { openDocumentDatabase } from './database';
import { SqliteDocumentJobRepository } from './SqliteDocumentJobRepository';

describe('SqliteDocumentJobRepository', () => {
  documentJobRepositoryContract({
    async setUp() {
      const dataDirectory = mkdtempSync(join(tmpdir(), 'jobs-'));
      const databases: DatabaseSync[] = [];
      return {
        open() {
          const database = openDocumentDatabase({ dataDirectory });
          databases.push(database);
          return new SqliteDocumentJobRepository({ database });
        },
        async tearDown() {
          for (const database of databases) database.close();
          rmSync(dataDirectory, { recursive: true });
        },
      };
    },
  });
});
