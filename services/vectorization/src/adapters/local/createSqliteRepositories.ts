import type { DatabaseSync } from 'node:sqlite';
import type { VectorizationRepositories } from '../../ports/VectorizationRepositories';
import { SqliteVectorizeJobRepository } from './SqliteVectorizeJobRepository';
import { SqliteVectorStoreRepository } from './SqliteVectorStoreRepository';

/** Records in the service's database, which belongs to whoever opened it. */
export function createSqliteRepositories(options: {
  database: DatabaseSync;
}): VectorizationRepositories {
  const { database } = options;
  return {
    stores: new SqliteVectorStoreRepository({ database }),
    jobs: new SqliteVectorizeJobRepository({ database }),
    async health() {
      database.prepare('SELECT 1 FROM vector_store LIMIT 1').get();
      return { status: 'UP' };
    },
  };
}
