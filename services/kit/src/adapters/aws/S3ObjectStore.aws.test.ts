import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { awsEmulator, objectStoreContract } from '../../testing';
import { createS3Client, S3ObjectStore } from './S3ObjectStore';

// The emulator is one process of Python.
jest.setTimeout(40_000);

async function setUp() {
  const client = createS3Client(awsEmulator());
  const bucket = `test-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    client,
    bucket,
    open: () => new S3ObjectStore({ client, bucket }),
    request: (url: string, init?: RequestInit) => fetch(url, init),
    // moto does not answer response-content-disposition.
    namesDownloads: false,
    tearDown: async () => client.destroy(),
  };
}

describe('S3ObjectStore', () => {
  objectStoreContract({ setUp });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    beforeEach(async () => {
      storage = await setUp();
    });
    afterEach(() => storage.tearDown());

    const chunk = Buffer.alloc(1024 * 1024, 7);
    const type = { contentType: 'application/octet-stream' };

    it('uploads long streams in parts', async () => {
      const info = await storage
        .open()
        .put('long', Readable.from(Array(20).fill(chunk)), type);
      expect(info.sizeBytes).toBe(20 * chunk.length);
      const { body } = (await storage.open().get('long'))!;
      expect((await buffer(body)).length).toBe(20 * chunk.length);
    });

    it('leaves no part of a long stream that breaks', async () => {
      async function* broken() {
        for (let index = 0; index < 12; index++) yield chunk;
        throw new Error('The source broke');
      }
      await expect(
        storage.open().put('long', Readable.from(broken()), type),
      ).rejects.toThrow('The source broke');
      expect(await storage.open().head('long')).toBeUndefined();
      const { Uploads = [] } = await storage.client.send(
        new ListMultipartUploadsCommand({ Bucket: storage.bucket }),
      );
      expect(Uploads).toEqual([]);
    });

    it('deletes more than one page', async () => {
      const store = storage.open();
      const keys = Array.from({ length: 1005 }, (_, index) => `many/${index}`);
      for (let start = 0; start < keys.length; start += 50) {
        await Promise.all(
          keys.slice(start, start + 50).map(key => store.put(key, '', type)),
        );
      }
      await store.deleteAll('many/');
      await storage.client.send(
        new DeleteBucketCommand({ Bucket: storage.bucket }),
      );
      expect(await store.health()).toMatchObject({ status: 'DOWN' });
    }, 60_000);

    it('says that a retry cannot help when the bucket is gone', async () => {
      const store = new S3ObjectStore({
        client: storage.client,
        bucket: `missing-${randomUUID()}`,
      });
      await expect(store.put('a', 'x', type)).rejects.toMatchObject({
        code: 'dependency_failed',
        retryable: false,
      });
    });
  });
});
