import type { Page, PageRequest } from '@genai-environments/service-kit';
// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { FileOutcome, VectorizeJob } from '../../domain/VectorizeJob';
import type { VectorizeJobRepository } from '../VectorizeJobRepository';
import type { VectorStoreRepository } from '../VectorStoreRepository';
import { fileWorkContract } from './fileWorkContract';

type Repositories = {
  stores: VectorStoreRepository;
  jobs: VectorizeJobRepository;
};

/** What the two must do together. `open` gives a view on the same storage each time. */
export function vectorizationRepositoriesContract(options: {
  setUp(): Promise<{ open(): Repositories; tearDown(): Promise<void> }>;
}): void {
  describe('contract of the repositories', () => {
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let stores: VectorStoreRepository;
    let jobs: VectorizeJobRepository;

    beforeEach(async () => {
      storage = await options.setUp();
      ({ stores, jobs } = storage.open());
    });
    afterEach(() => storage.tearDown());

    const addStore = (id: string, clientId = 'a', createdAt = 1) =>
      stores.addStore({
        id,
        clientId,
        name: `store ${id}`,
        type: 'local',
        tags: [],
        createdAt,
      });
    const addIndex = (
      id: string,
      more: { name?: string; on?: Repositories; createdAt?: number } = {},
    ) =>
      (more.on?.stores ?? stores).addIndex({
        id,
        clientId: 'a',
        storeId: 's',
        storeType: 'local',
        name: more.name ?? id,
        createdAt: more.createdAt ?? 2,
      });
    const addJob = async (
      id: string,
      files = ['x.txt', 'y.txt', 'z.txt'],
      more: Partial<VectorizeJob> = {},
    ) => {
      const job: VectorizeJob = {
        id,
        clientId: 'a',
        storeId: 's',
        indexId: 'i',
        chunkingJobId: 'c',
        metadata: { team: 'a' },
        totalFiles: files.length,
        completedFiles: 0,
        failedFiles: 0,
        begun: false,
        createdAt: 3,
        updatedAt: 3,
        ...more,
      };
      expect(await jobs.add(job, files)).toBe(true);
      return job;
    };
    const completed = { status: 'COMPLETED', chunkCount: 7 } as const;
    const failed = { status: 'FAILED', reason: 'Broken.' } as const;

    it('keeps stores and indexes of applications apart', async () => {
      await addStore('s');
      await addStore('t', 'b');
      await addIndex('i');
      expect(await stores.findStore('a', 's')).toEqual({
        id: 's',
        clientId: 'a',
        name: 'store s',
        type: 'local',
        tags: [],
        createdAt: 1,
      });
      expect(await stores.findStore('b', 's')).toBeUndefined();
      expect(await stores.findIndex('b', 'i')).toBeUndefined();
      expect(await stores.removeStore('b', 's')).toBeUndefined();
      expect(await stores.removeIndex('b', 'i')).toBeUndefined();
      expect((await stores.listStores('a', {})).items).toHaveLength(1);
      const theirs = await stores.listIndexes('b', { storeId: 's' });
      expect(theirs.items).toEqual([]);
    });

    it('gives a name within a store to one index only', async () => {
      await addStore('s');
      const other = storage.open();
      const outcomes = await Promise.all(
        [1, 2, 3, 4].map(each =>
          addIndex(`i${each}`, {
            name: 'same',
            on: each % 2 ? other : undefined,
          }),
        ),
      );
      expect(outcomes.sort()).toEqual([
        'added',
        'name_taken',
        'name_taken',
        'name_taken',
      ]);
      await stores.removeStore('a', 's');
      expect(await addIndex('i9')).toBe('store_missing');
    });

    it('fixes the embedding of an index once', async () => {
      await addStore('s');
      await addIndex('i');
      const first = { model: 'm', dimension: 3 };
      expect((await stores.findIndex('a', 'i'))!.embedding).toBeUndefined();
      expect(await stores.fixEmbedding('i', first)).toEqual(first);
      const second = { model: 'n', dimension: 4 };
      expect(await storage.open().stores.fixEmbedding('i', second)).toEqual(
        first,
      );
      expect((await stores.findIndex('a', 'i'))!.embedding).toEqual(first);
      expect(await stores.fixEmbedding('none', first)).toBeUndefined();
    });

    it('remembers which contents are to be removed', async () => {
      await addStore('s');
      await addIndex('i');
      await addIndex('j');
      await addJob('job');
      const removal = (indexId: string) => ({ indexId, storeType: 'local' });
      expect(await stores.removeIndex('a', 'j')).toEqual(removal('j'));
      expect(await stores.removeIndex('a', 'j')).toBeUndefined();
      expect(await stores.removeStore('a', 's')).toEqual([removal('i')]);
      expect(await stores.findIndex('a', 'i')).toBeUndefined();
      expect(await jobs.find('a', 'job')).toBeUndefined();
      expect(await jobs.beginFile('job', 0, 4)).toBeUndefined();
      await expect(addJob('late')).rejects.toMatchObject({
        code: 'index_not_found',
      });
      const pending = await stores.listPendingRemovals();
      expect(pending).toHaveLength(2);
      expect(pending).toEqual(
        expect.arrayContaining([removal('i'), removal('j')]),
      );
      await stores.removed('i');
      await stores.removed('i');
      expect(await stores.listPendingRemovals()).toEqual([removal('j')]);
    });

    describe('of work on files', () => {
      fileWorkContract({
        open: () => storage.open().jobs,
        async addJob(id) {
          await addStore('s');
          await addIndex('i');
          return addJob(id);
        },
      });
    });

    it('adds a job of an id once, whoever adds it at the same time', async () => {
      await addStore('s');
      await addIndex('i');
      const first = await addJob('job');
      const again = { ...first, metadata: {}, createdAt: 9, updatedAt: 9 };
      expect(await jobs.add(again, ['w.txt'])).toBe(false);
      expect(await jobs.find('a', 'job')).toEqual(first);
      expect((await jobs.listFiles('a', 'job', {}))!.items).toHaveLength(3);
      const added = await Promise.all(
        [jobs, storage.open().jobs, storage.open().jobs].map(on =>
          on.add({ ...first, id: 'other' }, ['x.txt', 'y.txt', 'z.txt']),
        ),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
      expect((await jobs.list('a', {})).items).toHaveLength(2);
    });

    it('keeps jobs of applications apart, and forgets one with its files', async () => {
      await addStore('s');
      await addIndex('i');
      await addJob('job');
      expect(await jobs.find('b', 'job')).toBeUndefined();
      expect(await jobs.listFiles('b', 'job', {})).toBeUndefined();
      expect(await jobs.remove('b', 'job')).toBe(false);
      expect(await jobs.remove('a', 'job')).toBe(true);
      expect(await jobs.remove('a', 'job')).toBe(false);
      expect((await jobs.list('a', {})).items).toEqual([]);
    });

    it('knows which jobs are not queued', async () => {
      await addStore('s');
      await addIndex('i');
      await addJob('one');
      await addJob('two', undefined, { createdAt: 4 });
      await addJob('three', ['x.txt'], { createdAt: 5 });
      await jobs.markQueued('one');
      await jobs.markQueued('one');
      expect(await jobs.listUnqueued()).toEqual([
        { jobId: 'two', totalFiles: 3, createdAt: 4 },
        { jobId: 'three', totalFiles: 1, createdAt: 5 },
      ]);
    });

    /** All items of a list, read in pages of two. */
    const readAll = async <T>(
      read: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
    ) => {
      const items: T[] = [];
      let cursor: string | undefined;
      do {
        const page = await read({ limit: 2, cursor });
        expect(page.items.length).toBeLessThanOrEqual(2);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return items;
    };
    const idsOf = (items: Array<{ id: string }>) => items.map(({ id }) => id);

    it('pages through stores, indexes and jobs in the order of creation', async () => {
      await addStore('s');
      for (const [at, id] of ['z', 'b', 'x'].entries()) {
        await addStore(id, 'a', 10 + at);
        await addIndex(id, { createdAt: 10 + at });
      }
      await addIndex('i', { createdAt: 20 });
      for (const [at, id] of ['w', 'v', 'u'].entries()) {
        await addJob(id, undefined, { createdAt: 30 + at });
      }
      const list = (page: PageRequest) => stores.listStores('a', page);
      expect(idsOf(await readAll(list))).toEqual(['s', 'z', 'b', 'x']);
      expect(idsOf((await list({})).items)).toEqual(['s', 'z', 'b', 'x']);
      expect(
        idsOf(
          await readAll(page =>
            stores.listIndexes('a', { ...page, storeId: 's' }),
          ),
        ),
      ).toEqual(['z', 'b', 'x', 'i']);
      expect(idsOf(await readAll(page => jobs.list('a', page)))).toEqual([
        'w',
        'v',
        'u',
      ]);
      const unknown = { limit: 1, cursor: 'bm9uc2Vuc2U' };
      expect(idsOf((await list(unknown)).items)).toEqual(['s']);
      expect(idsOf((await jobs.list('a', unknown)).items)).toEqual(['w']);
    });

    it('lists the stores made in a range of time, and knows whose a store is', async () => {
      for (const at of [1, 2, 3, 4, 5]) await addStore(`s${at}`, 'a', at * 100);
      await addStore('t', 'b', 300);
      const range = { from: 200, to: 500 };
      const list = (page: PageRequest) =>
        stores.listStores('a', { ...page, ...range });
      expect(idsOf(await readAll(list))).toEqual(['s2', 's3', 's4']);
      expect(await stores.findOwner('t')).toBe('b');
      await stores.removeStore('b', 't');
      expect(await stores.findOwner('t')).toBeUndefined();
    });

    it('adds jobs of a range of time up by status', async () => {
      await addStore('s');
      await addIndex('i');
      const settle = async (id: string, outcomes: FileOutcome[]) => {
        for (const [no, outcome] of outcomes.entries()) {
          await jobs.settleFile(id, no, outcome, 9);
        }
      };
      await addJob('early', undefined, { createdAt: 99 });
      await addJob('waiting', undefined, { createdAt: 100 });
      for (const id of ['good', 'fine']) {
        await addJob(id, ['x.txt'], { createdAt: 150 });
        await settle(id, [completed]);
      }
      await addJob('bad', ['x.txt'], { createdAt: 160 });
      await settle('bad', [failed]);
      await addJob('mixed', ['x.txt', 'y.txt'], { createdAt: 170 });
      await settle('mixed', [failed, completed]);
      await addJob('begun', ['x.txt'], { createdAt: 180 });
      await jobs.beginFile('begun', 0, 9);
      await addJob('half', ['x.txt', 'y.txt'], { createdAt: 190 });
      await settle('half', [completed]);
      await addJob('late', undefined, { createdAt: 200 });

      const sums = (
        status: string,
        count: number,
        [totalFiles, completedFiles, failedFiles]: number[],
      ) => ({ status, jobs: count, totalFiles, completedFiles, failedFiles });
      expect(await jobs.sumByStatus('a', { from: 100, to: 200 })).toEqual([
        sums('COMPLETED', 2, [2, 2, 0]),
        sums('COMPLETED_WITH_ERRORS', 1, [2, 1, 1]),
        sums('FAILED', 1, [1, 0, 1]),
        sums('IN_PROGRESS', 2, [3, 1, 0]),
        sums('STARTED', 1, [3, 0, 0]),
      ]);
      expect(await jobs.sumByStatus('b', { from: 0, to: 200 })).toEqual([]);
    });

    it('pages through the files of a job, each once', async () => {
      await addStore('s');
      await addIndex('i');
      const names = ['a', 'b', 'c', 'd', 'e'];
      await addJob('job', names);
      const files = await readAll(
        async page => (await jobs.listFiles('a', 'job', page))!,
      );
      expect(files.map(({ fileName }) => fileName)).toEqual(names);
    });
  });
}
