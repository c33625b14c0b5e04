import { createLocalExtractor } from '@genai-environments/document-processing';
import {
  createDynamoDbRecords,
  createTextractExtractor,
} from '@genai-environments/document-processing/aws';
import type { Logger, ObjectStore } from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { ENTRIES } from '../../composition/entries';
import type { AwsConfig, RuntimeConfig } from '../../config';
import type { Storage } from '../Platform';
import type { AwsQueues } from './AwsQueues';
import { firstDown } from './firstDown';

/**
 * Jobs in the table, work in queues, files in the bucket; images and PDF are read by Textract
 * unless that is switched off. The directory is for the other parsers.
 */
export function createDocumentStorage(options: {
  config: RuntimeConfig & { aws: AwsConfig };
  table: DynamoTableClient;
  objects: ObjectStore;
  queues: AwsQueues;
  logger: Logger;
}): Storage['documents'] & { close(): void } {
  const { config, table, objects, queues, logger } = options;
  const { dataDirectory, aws } = config;
  const records = createDynamoDbRecords({ table });
  const local = createLocalExtractor({
    ...{ dataDirectory, objects, logger },
    extractionEntry: ENTRIES.extraction,
  });
  const textract = aws.usesTextract
    ? createTextractExtractor({
        ...{ region: aws.region, bucket: aws.bucket },
        ...{ objects, local, logger },
      })
    : undefined;
  return {
    ...{ dataDirectory, objects },
    extractor: textract ?? local,
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
    close: () => textract?.close(),
  };
}
