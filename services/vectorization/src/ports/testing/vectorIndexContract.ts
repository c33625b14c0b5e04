// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { DocumentMetadata, EmbeddedChunk } from '../../domain/Chunk';
import { parseFilter } from '../../domain/filter';
import type { VectorIndex } from '../VectorIndex';

/** A vector that points mostly along one axis; nearer axes are more alike. */
export function vectorNear(axis: number, dimension = 8): Float32Array {
  return Float32Array.from({ length: dimension }, (_, index) =>
    Math.exp(-((index - axis) ** 2)),
  );
}

/** What every index must do. `open` gives a view on the same storage each time. */
export function vectorIndexContract(options: {
  setUp(): Promise<{
    open(): Promise<VectorIndex>;
    tearDown(): Promise<void>;
  }>;
  /** Whether `searchByText` works; default yes. */
  ranksByText?: boolean;
}): void {
  const ranksByText = options.ranksByText ?? true;

  describe('contract of VectorIndex', () => {
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let index: VectorIndex;

    beforeEach(async () => {
      storage = await options.setUp();
      index = await storage.open();
      await index.create('one');
    });
    afterEach(() => storage.tearDown());

    const chunk = (
      position: number,
      more: Partial<EmbeddedChunk> & { fileName?: string } = {},
    ): EmbeddedChunk => ({
      chunkId: `${more.fileName ?? 'a.txt'}#${position}`,
      position,
      text: `chunk number ${position}`,
      vector: vectorNear(position),
      ...more,
    });
    const put = (
      chunks: EmbeddedChunk[],
      more: {
        fileName?: string;
        metadata?: DocumentMetadata;
        indexId?: string;
        chunkingJobId?: string;
      } = {},
    ) =>
      index.upsert(more.indexId ?? 'one', {
        document: {
          chunkingJobId: more.chunkingJobId ?? 'job',
          fileName: more.fileName ?? 'a.txt',
        },
        metadata: more.metadata ?? {},
        chunks,
      });
    const near = async (
      axis: number,
      more: { limit?: number; filter?: object; on?: VectorIndex } = {},
    ) =>
      (more.on ?? index).searchByVector('one', {
        vector: vectorNear(axis),
        limit: more.limit ?? 3,
        filter: more.filter && parseFilter(more.filter),
      });
    const idsOf = (found: Array<{ chunkId: string }>) =>
      found.map(({ chunkId }) => chunkId);

    it('finds the nearest first, with all that is known of a chunk', async () => {
      await put(
        [0, 1, 2, 3, 4].map(each => chunk(each, { pageNumber: each + 1 })),
      );
      const found = await near(2);
      expect(found[0]).toEqual({
        chunkId: 'a.txt#2',
        fileName: 'a.txt',
        pageNumber: 3,
        text: 'chunk number 2',
        score: expect.closeTo(1, 2),
      });
      expect(idsOf(found).slice(1).sort()).toEqual(['a.txt#1', 'a.txt#3']);
      expect(found[1].score).toBeLessThan(1);
    });

    it('has nothing while it is empty, and no page where there is none', async () => {
      expect(await near(0)).toEqual([]);
      expect(await index.count('one')).toBe(0);
      await put([chunk(0)]);
      expect((await near(0))[0]).not.toHaveProperty('pageNumber');
    });

    it('scores by direction, not by length', async () => {
      await put([
        chunk(0, { vector: vectorNear(0).map(value => value * 1000) }),
        chunk(1, { vector: vectorNear(1).map(value => value / 1000) }),
      ]);
      const [first] = await near(1);
      expect(first).toMatchObject({
        chunkId: 'a.txt#1',
        score: expect.closeTo(1, 2),
      });
    });

    it('replaces chunks of the same position, also when it is done twice', async () => {
      await put([chunk(0), chunk(1)]);
      await near(0);
      for (let repeat = 0; repeat < 2; repeat++) {
        await put([chunk(0, { text: 'new', vector: vectorNear(6) })]);
      }
      expect(await index.count('one')).toBe(2);
      expect((await near(6, { limit: 1 }))[0]).toMatchObject({
        chunkId: 'a.txt#0',
        text: 'new',
      });
    });

    it('trims what a longer version left', async () => {
      await put([0, 1, 2, 3].map(each => chunk(each)));
      await put([chunk(3, { fileName: 'b.txt' })], { fileName: 'b.txt' });
      await near(3);
      const document = { chunkingJobId: 'job', fileName: 'a.txt' };
      await index.trim('one', { document, length: 2 });
      await index.trim('one', { document, length: 2 });
      expect(idsOf(await near(3, { limit: 9 })).sort()).toEqual([
        'a.txt#0',
        'a.txt#1',
        'b.txt#3',
      ]);
    });

    it('removes documents by name, of one job or of all', async () => {
      await put([chunk(0), chunk(1)]);
      await put([chunk(2)], { chunkingJobId: 'other' });
      await put([chunk(3)], { fileName: 'b.txt' });
      await near(0);
      const which = { fileName: 'a.txt', chunkingJobId: 'other' };
      expect(await index.removeDocuments('one', which)).toBe(1);
      expect(await index.removeDocuments('one', { fileName: 'a.txt' })).toBe(2);
      expect(await index.removeDocuments('one', { fileName: 'a.txt' })).toBe(0);
      expect(await near(0, { limit: 9 })).toHaveLength(1);
      expect(await index.count('one')).toBe(1);
    });

    it('keeps indexes apart, and drops one with all that is in it', async () => {
      await index.create('two');
      await put([chunk(0)], { indexId: 'two' });
      expect(await near(0)).toEqual([]);
      await index.drop('two');
      await index.drop('two');
      await expect(index.count('two')).rejects.toMatchObject({
        code: 'index_not_found',
      });
      await expect(put([chunk(0)], { indexId: 'two' })).rejects.toMatchObject({
        code: 'index_not_found',
      });
      await index.create('two');
      expect(await index.count('two')).toBe(0);
    });

    it('does not empty an index that is created again', async () => {
      await put([chunk(0)]);
      await index.create('one');
      expect(await index.count('one')).toBe(1);
    });

    it('refuses vectors of another length and adds nothing of the batch', async () => {
      await put([chunk(0)]);
      await expect(
        put([chunk(1), chunk(2, { vector: vectorNear(2, 4) })]),
      ).rejects.toMatchObject({ code: 'dimension_mismatch' });
      expect(await index.count('one')).toBe(1);
      await expect(
        index.searchByVector('one', { vector: vectorNear(0, 4), limit: 1 }),
      ).rejects.toMatchObject({ code: 'dimension_mismatch' });
    });

    it('considers only what a filter lets pass', async () => {
      for (const [fileName, metadata] of [
        ['a.txt', { year: 2020, tags: ['x', 'y'] }],
        ['b.txt', { year: 2024, draft: true }],
      ] as const) {
        await put(
          [0, 1, 2].map(each =>
            chunk(each, { fileName, pageNumber: each + 1 }),
          ),
          { fileName, metadata: metadata as unknown as DocumentMetadata },
        );
      }
      const ids = async (filter: object) =>
        idsOf(await near(0, { limit: 9, filter })).sort();
      const all = (name: string) => [0, 1, 2].map(each => `${name}#${each}`);
      expect(await ids({ file_name: 'a.txt' })).toEqual(all('a.txt'));
      expect(await ids({ year: { $gte: 2021 } })).toEqual(all('b.txt'));
      expect(await ids({ tags: 'y' })).toEqual(all('a.txt'));
      expect(await ids({ draft: { $ne: true } })).toEqual(all('a.txt'));
      expect(
        await ids({
          $or: [{ draft: true, page_number: 1 }, { page_number: 3 }],
        }),
      ).toEqual(['a.txt#2', 'b.txt#0', 'b.txt#2']);
      expect(await ids({ file_name: 'c.txt' })).toEqual([]);
    });

    it('sees what was written elsewhere', async () => {
      await put([chunk(0)]);
      const other = await storage.open();
      expect(await near(0, { on: other })).toHaveLength(1);
      await put([chunk(1)]);
      await index.removeDocuments('one', {
        fileName: 'a.txt',
        chunkingJobId: 'no',
      });
      await index.trim('one', {
        document: { chunkingJobId: 'job', fileName: 'a.txt' },
        length: 2,
      });
      expect(idsOf(await near(1, { on: other }))[0]).toBe('a.txt#1');
      await index.removeDocuments('one', { fileName: 'a.txt' });
      expect(await near(1, { on: other })).toEqual([]);
    });

    it('searches while others write and remove', async () => {
      const other = await storage.open();
      const writing = (async () => {
        for (let round = 0; round < 10; round++) {
          await put([0, 1, 2, 3].map(each => chunk(each)));
          await index.trim('one', {
            document: { chunkingJobId: 'job', fileName: 'a.txt' },
            length: 2,
          });
        }
      })();
      for (let round = 0; round < 20; round++) {
        const found = await near(0, { on: other, limit: 9 });
        // A batch is visible as a whole or not at all.
        expect([0, 2, 4]).toContain(found.length);
        expect(new Set(idsOf(found)).size).toBe(found.length);
      }
      await writing;
      expect(await index.count('one')).toBe(2);
    });

    it('is up', async () => {
      expect(await index.health()).toEqual({ status: 'UP' });
    });

    if (!ranksByText) return;

    it('ranks by words, rare ones above common ones', async () => {
      await put([
        chunk(0, { text: 'The bridge over the river is closed.' }),
        chunk(1, { text: 'The river is long. The river is wide.' }),
        chunk(2, { text: 'A café in Zürich' }),
      ]);
      const find = async (text: string, filter?: object) =>
        idsOf(
          await index.searchByText('one', {
            text,
            limit: 5,
            filter: filter && parseFilter(filter),
          }),
        );
      expect(await find('Where is the BRIDGE over a river?')).toEqual([
        'a.txt#0',
        'a.txt#1',
      ]);
      expect(await find('cafe zurich')).toEqual(['a.txt#2']);
      expect(await find('"bridge" OR * NEAR(')).toEqual(['a.txt#0']);
      expect(await find('nothing of it')).toEqual([]);
      expect(await find('?!')).toEqual([]);
      expect(await find('river', { file_name: 'b.txt' })).toEqual([]);
      await put([chunk(0, { text: 'Replaced' })]);
      expect(await find('bridge')).toEqual([]);
      expect(await find('replaced')).toEqual(['a.txt#0']);
    });
  });
}
