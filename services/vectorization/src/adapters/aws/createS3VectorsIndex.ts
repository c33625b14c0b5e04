import {
  S3VectorsClient,
  type S3VectorsClientConfig,
} from '@aws-sdk/client-s3vectors';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { S3VectorsIndex } from './S3VectorsIndex';

const CONNECT_TIMEOUT_MS = 1000;
/** A request writes up to 500 vectors. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Indexes in a vector bucket of S3 Vectors; nothing is asked of AWS yet. */
export function createS3VectorsIndex(options: {
  /** Name of the vector bucket; it must exist. */
  bucket: string;
  region: string;
  table: DynamoTableClient;
  /** Of an emulator or a private endpoint. */
  endpoint?: string;
  credentials?: S3VectorsClientConfig['credentials'];
}): S3VectorsIndex {
  const { bucket, table, ...config } = options;
  const client = new S3VectorsClient({
    ...config,
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const onClose = () => client.destroy();
  return new S3VectorsIndex({ client, bucket, table, onClose });
}
