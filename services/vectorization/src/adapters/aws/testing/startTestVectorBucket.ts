import {
  CreateVectorBucketCommand,
  ListIndexesCommand,
  ListVectorsCommand,
} from '@aws-sdk/client-s3vectors';
import { randomUUID } from 'node:crypto';
import { startVectorsEmulator } from './startVectorsEmulator';

/** A vector bucket of its own, for runtimes that run as processes. */
export async function startTestVectorBucket(): Promise<{
  bucket: string;
  /** Of S3 Vectors. */
  endpoint: string;
  /** In all its indexes. */
  countVectors(): Promise<number>;
  tearDown(): Promise<void>;
}> {
  const { client, close } = await startVectorsEmulator();
  const vectorBucketName = `test-${randomUUID()}`;
  await client.send(new CreateVectorBucketCommand({ vectorBucketName }));
  const endpoint = await client.config.endpoint!();
  return {
    bucket: vectorBucketName,
    endpoint: `http://${endpoint.hostname}:${endpoint.port}`,
    async countVectors() {
      const { indexes = [] } = await client.send(
        new ListIndexesCommand({ vectorBucketName }),
      );
      let count = 0;
      for (const { indexName } of indexes) {
        const { vectors = [] } = await client.send(
          new ListVectorsCommand({ vectorBucketName, indexName }),
        );
        count += vectors.length;
      }
      return count;
    },
    tearDown: close,
  };
}
