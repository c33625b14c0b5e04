import { CreateVectorBucketCommand } from '@aws-sdk/client-s3vectors';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import { randomUUID } from 'node:crypto';
import {
  vectorIndexContract,
  vectorNear,
} from '../../ports/testing/vectorIndexContract';
import { S3VectorsIndex } from './S3VectorsIndex';
import { startVectorsEmulator } from './testing/startVectorsEmulator';

async function setUp() {
  const { client, close } = await startVectorsEmulator();
  const { table, tearDown } = await createTestTable();
  const bucket = `test-${randomUUID()}`;
  await client.send(
    new CreateVectorBucketCommand({ vectorBucketName: bucket }),
  );
  return {
    client,
    table,
    open: async () => new S3VectorsIndex({ client, bucket, table }),
    async tearDown() {
      await close();
      await tearDown();
    },
  };
}

describe('S3VectorsIndex', () => {
  vectorIndexContract({ setUp, ranksByText: false });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    let index: S3VectorsIndex;
    beforeEach(async () => {
      storage = await setUp();
      index = await storage.open();
      await index.create('one');
    });
    afterEach(() => storage.tearDown());

    const document = { chunkingJobId: 'job', fileName: 'a#ü.txt' };
    const chunk = (position: number, text = 'text') => ({
      chunkId: `c${position}`,
      position,
      text,
      vector: vectorNear(position % 8),
    });
    const put = (chunks: Array<ReturnType<typeof chunk>>, metadata = {}) =>
      index.upsert('one', { document, metadata, chunks });

    it('writes, counts and removes more than one request takes', async () => {
      await put(Array.from({ length: 1100 }, (_, position) => chunk(position)));
      expect(await index.count('one')).toBe(1100);
      await index.trim('one', { document, length: 1050 });
      const { fileName } = document;
      expect(await index.removeDocuments('one', { fileName })).toBe(1050);
      expect(await index.count('one')).toBe(0);
    }, 30_000);

    it('says that it does not rank by words', async () => {
      const query = { text: 'x', limit: 1 };
      await expect(index.searchByText('one', query)).rejects.toMatchObject({
        code: 'hybrid_search_unavailable',
      });
    });

    it('refuses what S3 Vectors would not keep, with the reason', async () => {
      await expect(put([chunk(0, 'ü'.repeat(21_000))])).rejects.toMatchObject({
        code: 'chunk_too_large',
      });
      await expect(
        put([chunk(0)], { note: 'x'.repeat(2100) }),
      ).rejects.toMatchObject({ code: 'metadata_too_large' });
      const keys = Array.from({ length: 48 }, (_, at) => [`k${at}`, at]);
      await expect(
        put([chunk(0)], Object.fromEntries(keys)),
      ).rejects.toMatchObject({ code: 'metadata_too_large' });
      expect(await index.count('one')).toBe(0);
    });

    it('keeps metadata of callers apart from its own', async () => {
      await put([chunk(0)], { text: 'theirs', chunk_id: 'theirs', tags: [] });
      const [found] = await index.searchByVector('one', {
        vector: vectorNear(0),
        limit: 500,
      });
      expect(found).toMatchObject({ text: 'text', chunkId: 'c0' });
    });

    it('does not bring an index back that was dropped elsewhere', async () => {
      await put([chunk(0)]);
      const other = await storage.open();
      await other.drop('one');
      await expect(put([chunk(1)])).rejects.toMatchObject({
        code: 'index_not_found',
      });
      await expect(
        index.searchByVector('one', { vector: vectorNear(0), limit: 1 }),
      ).rejects.toMatchObject({ code: 'index_not_found' });
      await index.create('one');
      expect(await index.count('one')).toBe(0);
    });

    it('says whether a retry can help, and that it is down', async () => {
      const lost = new S3VectorsIndex({
        client: storage.client,
        table: storage.table,
        bucket: 'missing-bucket',
      });
      await expect(
        lost.upsert('one', { document, metadata: {}, chunks: [chunk(0)] }),
      ).rejects.toMatchObject({ name: 'DependencyError', retryable: false });
      expect(await lost.health()).toMatchObject({ status: 'DOWN' });
    });
  });
});
