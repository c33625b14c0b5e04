import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import {
  vectorIndexContract,
  vectorNear,
} from '../../../ports/testing/vectorIndexContract';
import { documentKeyOf } from '../vectorKey';
import { createOpenSearchServerlessIndex } from './createOpenSearchServerlessIndex';
import type { OpenSearchServerlessIndex } from './OpenSearchServerlessIndex';
import {
  type SearchEmulator,
  startSearchEmulator,
} from './testing/startSearchEmulator';
import { TEST_CREDENTIALS } from './testing/verifySignature';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;

async function setUp(options: { lags?: boolean } = {}) {
  const emulator = await startSearchEmulator(options);
  const { table, tearDown } = await createTestTable();
  const clock = { time: Date.now(), now: () => clock.time };
  return {
    emulator,
    table,
    clock,
    open: async (more: { accessKeyId?: string } = {}) =>
      createOpenSearchServerlessIndex({
        endpoint: emulator.endpoint,
        region: 'eu-west-1',
        table,
        clock,
        credentials: async () => ({ ...TEST_CREDENTIALS, ...more }),
      }),
    async tearDown() {
      await emulator.close();
      await tearDown();
    },
  };
}

describe('OpenSearchServerlessIndex', () => {
  vectorIndexContract({ setUp });

  describe('while the collection shows changes late', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    let emulator: SearchEmulator;
    let table: DynamoTableClient;
    let index: OpenSearchServerlessIndex;
    beforeEach(async () => {
      storage = await setUp({ lags: true });
      ({ emulator, table } = storage);
      index = await storage.open();
      await index.create('one');
    });
    afterEach(() => storage.tearDown());

    const document = { chunkingJobId: 'job', fileName: 'a.txt' };
    const chunk = (position: number, text = `text ${position}`) => ({
      chunkId: `c${position}`,
      position,
      text,
      vector: vectorNear(position % 8),
    });
    const put = (chunks: Array<ReturnType<typeof chunk>>) =>
      index.upsert('one', { document, metadata: {}, chunks });
    const texts = async (limit = 10) =>
      (await index.searchByVector('one', { vector: vectorNear(0), limit })).map(
        ({ text }) => text,
      );
    const stored = () => emulator.indexes.get('genai-one')!.size;

    it('finds each chunk once, however often it was delivered', async () => {
      const chunks = [0, 1, 2, 3].map(each => chunk(each));
      await Promise.all([put(chunks), put(chunks), put(chunks)]);
      emulator.refresh();
      expect((await texts()).sort()).toEqual(
        chunks.map(({ text }) => text).sort(),
      );
      expect(await index.count('one')).toBe(4);
      expect(stored()).toBe(4);
    });

    it('shows what is replaced until its successor is found, and not for ever', async () => {
      await put([chunk(0, 'old')]);
      emulator.refresh();
      await put([chunk(0, 'new')]);
      expect(await texts()).toEqual(['old']);
      emulator.refresh();
      expect(await texts()).toEqual(['new']);

      await put([chunk(0, 'newest')]);
      storage.clock.time += 3 * MINUTE_MS;
      expect(await texts()).toEqual([]);
    });

    it('shows nothing that was removed, at once', async () => {
      await put([0, 1, 2].map(each => chunk(each)));
      emulator.refresh();
      await index.trim('one', { document, length: 1 });
      expect(await texts()).toEqual(['text 0']);
      expect(await index.removeDocuments('one', document)).toBe(1);
      expect(await texts()).toEqual([]);
      const words = { text: 'text', limit: 5 };
      expect(await index.searchByText('one', words)).toEqual([]);
      expect(stored()).toBe(0);
    });

    it('hides what a worker left that died before it was done, and removes it later', async () => {
      await put([chunk(0)]);
      await put([chunk(1)]);
      // The state after a crash between the collection and the table.
      const [orphan] = await table.queryAll({ pk: placesOf('one', document) });
      delete orphan.places[1];
      await table.putMany([orphan]);
      emulator.refresh();
      expect(await texts()).toEqual(['text 0']);
      await index.trim('one', { document, length: 2 });
      expect(stored()).toBe(2);

      storage.clock.time += 20 * MINUTE_MS;
      await index.trim('one', { document, length: 2 });
      expect(stored()).toBe(1);
    });

    it('finds as many as are asked for when most of what is near counts no more', async () => {
      const near = Array.from({ length: 60 }, (_, at) => chunk(at * 8));
      await put([...near, chunk(1, 'farther')]);
      emulator.refresh();
      await index.trim('one', { document, length: 2 });
      // 59 that are nearer are found still, and are gone.
      expect(await texts(2)).toEqual(['text 0', 'farther']);
    });

    it('writes and removes more than one change of the table takes', async () => {
      await put(Array.from({ length: 130 }, (_, at) => chunk(at * 3)));
      emulator.refresh();
      expect(await index.count('one')).toBe(130);
      await index.trim('one', { document, length: 60 });
      expect(await index.count('one')).toBe(20);
      expect(stored()).toBe(20);
    });

    it('does not bring an index back that was dropped elsewhere', async () => {
      await put([chunk(0)]);
      const other = await storage.open();
      await other.drop('one');
      await expect(put([chunk(1)])).rejects.toMatchObject({
        code: 'index_not_found',
      });
      expect([...emulator.indexes.keys()]).toEqual([]);
      await expect(texts()).rejects.toMatchObject({ code: 'index_not_found' });
    });

    it('waits while there is no capacity, and says whether a retry can help', async () => {
      emulator.failNext(429, 503);
      await put([chunk(0)]);
      emulator.failNext(...new Array(5).fill(503));
      await expect(put([chunk(1)])).rejects.toMatchObject({
        name: 'DependencyError',
        retryable: true,
      });
      const stranger = await storage.open({ accessKeyId: 'other' });
      await expect(stranger.drop('one')).rejects.toMatchObject({
        name: 'DependencyError',
        retryable: false,
      });
      expect(await stranger.health()).toMatchObject({ status: 'DOWN' });
      expect(await index.health()).toEqual({ status: 'UP' });
    });
  });
});

/** Where the table keeps which documents count. */
function placesOf(
  indexId: string,
  document: Parameters<typeof documentKeyOf>[0],
): string {
  return `vectors#chunks#${indexId}#${documentKeyOf(document)}`;
}
