import {
  createDynamoDbRepositories,
  createOpenSearchServerlessIndex,
  createS3VectorsIndex,
} from '@genai-environments/vectorization/aws';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { AwsConfig, RuntimeConfig } from '../../config';
import type { Storage } from '../Platform';
import type { AwsQueues } from './AwsQueues';
import { firstDown } from './firstDown';

/** Records in the table, work in a queue, vectors where the type of a store says. */
export function createVectorStorage(options: {
  config: RuntimeConfig & { aws: AwsConfig };
  table: DynamoTableClient;
  queues: AwsQueues;
}): Storage['vectors'] {
  const { config, table, queues } = options;
  const {
    region,
    vectorBucket: bucket,
    openSearchEndpoint: endpoint,
  } = config.aws;
  const repositories = createDynamoDbRepositories({ table });
  return {
    repositories: {
      ...repositories,
      health: () =>
        firstDown([
          () => repositories.health(),
          () => queues.health(['vectorization']),
        ]),
    },
    queue: queues.of('vectorization'),
    vectorIndexes: {
      // The first one is for stores whose type nobody names.
      ...(bucket && {
        s3vectors: createS3VectorsIndex({ bucket, region, table }),
      }),
      ...(endpoint && {
        opensearchserverless: createOpenSearchServerlessIndex({
          ...{ endpoint, region, table },
        }),
      }),
    },
  };
}
