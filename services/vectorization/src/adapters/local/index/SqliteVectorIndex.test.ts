import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  vectorIndexContract,
  vectorNear,
} from '../../../ports/testing/vectorIndexContract';
import { SqliteVectorIndex } from './SqliteVectorIndex';

async function setUp(options: { maxCachedBytes?: number } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'vector-index-'));
  const opened: SqliteVectorIndex[] = [];
  return {
    directory,
    async open() {
      const index = new SqliteVectorIndex({ directory, ...options });
      opened.push(index);
      return index;
    },
    async tearDown() {
      for (const index of opened) await index.close();
      rmSync(directory, { recursive: true });
    },
  };
}

describe('SqliteVectorIndex', () => {
  vectorIndexContract({ setUp });

  describe('with no memory for codes', () => {
    vectorIndexContract({ setUp: () => setUp({ maxCachedBytes: 0 }) });
  });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof setUp>>;
    let index: SqliteVectorIndex;
    beforeEach(async () => {
      storage = await setUp();
      index = await storage.open();
      await index.create('one');
    });
    afterEach(() => storage.tearDown());

    const document = { chunkingJobId: 'job', fileName: 'a.txt' };
    const put = (count: number, vectorOf = vectorNear) =>
      index.upsert('one', {
        document,
        metadata: {},
        chunks: Array.from({ length: count }, (_, position) => ({
          chunkId: `c${position}`,
          position,
          text: `text ${position}`,
          vector: vectorOf(position),
        })),
      });

    it('catches up when removals are not remembered one by one any more', async () => {
      const reader = await storage.open();
      await put(1200);
      const query = { vector: vectorNear(3), limit: 1 };
      expect(await reader.searchByVector('one', query)).toHaveLength(1);
      for (let round = 0; round < 5; round++) await put(1200);
      const far = { ...query, vector: Float32Array.from(vectorNear(5)) };
      expect((await reader.searchByVector('one', far))[0].chunkId).toBe('c5');
      await index.trim('one', { document, length: 4 });
      const found = await reader.searchByVector('one', { ...query, limit: 9 });
      expect(found.map(({ chunkId }) => chunkId).sort()).toEqual([
        'c0',
        'c1',
        'c2',
        'c3',
      ]);
      expect(await index.count('one')).toBe(4);
    });

    it('lets nobody but the owner read, and names files by nothing a caller chose', async () => {
      await index.create('../escape');
      const names = readdirSync(storage.directory).filter(name =>
        name.endsWith('.sqlite'),
      );
      expect(names.sort()).toEqual(['%2E%2E%2Fescape.sqlite', 'one.sqlite']);
      for (const name of names) {
        expect(statSync(join(storage.directory, name)).mode & 0o077).toBe(0);
      }
    });

    it('leaves no file of an index that was dropped, and works with many', async () => {
      for (let each = 0; each < 40; each++) {
        await index.create(`i${each}`);
        await index.count(`i${each}`);
      }
      expect(await index.count('i0')).toBe(0);
      for (let each = 0; each < 40; each++) await index.drop(`i${each}`);
      await index.drop('one');
      expect(readdirSync(storage.directory)).toEqual([]);
    });
  });
});
