import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { VectorizationRepositories } from '../../ports/VectorizationRepositories';
import { DynamoDbVectorizeJobRepository } from './DynamoDbVectorizeJobRepository';
import { DynamoDbVectorStoreRepository } from './DynamoDbVectorStoreRepository';

/** Records in the environment's table, which belongs to whoever opened it. */
export function createDynamoDbRepositories(options: {
  table: DynamoTableClient;
}): VectorizationRepositories {
  const { table } = options;
  return {
    stores: new DynamoDbVectorStoreRepository({ table }),
    jobs: new DynamoDbVectorizeJobRepository({ table }),
    health: () => table.health(),
  };
}
