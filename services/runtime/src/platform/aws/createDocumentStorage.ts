import { createDynamoDbRecords } from '@genai-environments/document-processing/aws';
import type { ObjectStore } from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { RuntimeConfig } from '../../config';
import type { Storage } from '../Platform';
import type { AwsQueues } from './AwsQueues';
import { firstDown } from './firstDown';

/** Jobs in the table, work in queues, files in the bucket; the directory is for parsers. */
export function createDocumentStorage(options: {
  config: RuntimeConfig;
  table: DynamoTableClient;
  objects: ObjectStore;
  queues: AwsQueues;
}): Storage['documents'] {
  const { config, table, objects, queues } = options;
  const records = createDynamoDbRecords({ table });
  return {
    dataDirectory: config.dataDirectory,
    objects,
    records: {
      ...records,
      health: () =>
        firstDown([
          () => records.health(),
          () => queues.health(['extraction', 'chunking', 'ingest']),
        ]),
    },
    queues: {
      extraction: queues.of('extraction'),
      chunking: queues.of('chunking'),
      ingest: queues.of('ingest'),
    },
  };
}
