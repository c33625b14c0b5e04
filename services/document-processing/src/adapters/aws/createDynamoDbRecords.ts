import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { DocumentRecords } from '../../DocumentRecords';
import { DynamoDbDocumentJobRepository } from './DynamoDbDocumentJobRepository';
import { DynamoDbIngestRepository } from './DynamoDbIngestRepository';

/** Jobs and ingests in the environment's table, which stays the caller's to close. */
export function createDynamoDbRecords(options: {
  table: DynamoTableClient;
}): DocumentRecords {
  return {
    jobs: new DynamoDbDocumentJobRepository(options),
    ingests: new DynamoDbIngestRepository(options),
    health: () => options.table.health(),
  };
}
