import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { awsEmulator } from '../../../testing/awsEmulator';
import { createS3Client } from '../S3ObjectStore';

/** A bucket of its own in the emulator of `npm run test:aws`. */
export async function createTestBucket(): Promise<{
  name: string;
  tearDown(): Promise<void>;
}> {
  const Bucket = `test-${randomUUID()}`;
  const client = createS3Client(awsEmulator());
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    name: Bucket,
    async tearDown() {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket }),
      );
      if (Contents.length > 0) {
        const Objects = Contents.map(({ Key }) => ({ Key }));
        await client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
        );
      }
      await client.send(new DeleteBucketCommand({ Bucket }));
      client.destroy();
    },
  };
}
