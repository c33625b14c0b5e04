import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { vectorizationRepositoriesContract } from '../../ports/testing/repositoriesContract';
import { openVectorizationDatabase } from './database';
import { SqliteVectorizeJobRepository } from './SqliteVectorizeJobRepository';
import { SqliteVectorStoreRepository } from './SqliteVectorStoreRepository';

describe('repositories in SQLite', () => {
  vectorizationRepositoriesContract({
    async setUp() {
      const dataDirectory = mkdtempSync(join(tmpdir(), 'vectorization-'));
      const databases: DatabaseSync[] = [];
      return {
        open() {
          const database = openVectorizationDatabase({ dataDirectory });
          databases.push(database);
          return {
            stores: new SqliteVectorStoreRepository({ database }),
            jobs: new SqliteVectorizeJobRepository({ database }),
          };
        },
        async tearDown() {
          for (const database of databases) database.close();
          rmSync(dataDirectory, { recursive: true });
        },
      };
    },
  });
});
