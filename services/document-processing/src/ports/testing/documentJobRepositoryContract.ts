import type { Page, PageRequest } from '@genai-environments/service-kit';
import type { DocumentJobRepository, NewJob } from '../DocumentJobRepository';

const EXTRACTION: NewJob = {
  id: 'job-1',
  clientId: 'a',
  kind: 'extraction',
  status: 'created',
  createdAt: 1000,
};

/** What every repository must do. */
export function documentJobRepositoryContract(options: {
  setUp(): Promise<{
    open(): DocumentJobRepository;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of DocumentJobRepository', () => {
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let repository: DocumentJobRepository;

    beforeEach(async () => {
      storage = await options.setUp();
      repository = storage.open();
      await repository.createJob(EXTRACTION, []);
    });
    afterEach(() => storage.tearDown());

    const key = { clientId: 'a', jobId: 'job-1' };
    const add = (id: string, maxFiles = 100) =>
      repository.addFile(
        key,
        { id, fileName: `${id}.txt`, format: 'txt' },
        { maxFiles, now: 2000 },
      );
    const find = () =>
      repository.findJob('a', { kind: 'extraction', id: 'job-1' });
    const settle = (fileId: string, failed = false) =>
      repository.settleFile(
        { jobId: 'job-1', fileId },
        failed
          ? { status: 'failed', reason: 'because' }
          : { status: 'completed', pageCount: 2, tableCount: 1 },
        { now: 4000 },
      );
    const start = (failed: Array<{ fileId: string; reason: string }> = []) =>
      repository.startJob(key, { failed, now: 3000 });

    it('adds files to a created job, each name once', async () => {
      expect(await add('f1')).toBe('added');
      expect(await add('f1')).toBe('duplicate');
      expect(await add('f2', 1)).toBe('closed');
      expect(await find()).toMatchObject({ totalFiles: 1, status: 'created' });
      await start();
      expect(await add('f3')).toBe('closed');
      expect((await repository.listFiles('job-1', {})).items).toHaveLength(1);
    });

    it('counts every file of concurrent registrations', async () => {
      const second = storage.open();
      const added = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 ? second : repository).addFile(
            key,
            { id: `f${index}`, fileName: `${index}.txt`, format: 'txt' },
            { maxFiles: 40, now: 2000 },
          ),
        ),
      );
      expect(added.filter(result => result === 'added')).toHaveLength(40);
      expect(await find()).toMatchObject({ totalFiles: 40 });
    });

    it('starts once, and settles each file once', async () => {
      for (const id of ['f1', 'f2', 'f3']) await add(id);
      expect(await settle('f1')).toBe('already');
      expect(await start([{ fileId: 'f3', reason: 'missing' }])).toBe(true);
      expect(await start()).toBe(false);
      expect(await settle('f1')).toBe('settled');
      expect(await settle('f1', true)).toBe('already');
      expect(await find()).toMatchObject({
        status: 'started',
        completedFiles: 1,
        failedFiles: 1,
      });
      expect(await settle('f2')).toBe('settled');
      expect(await find()).toMatchObject({
        status: 'completed_with_errors',
        completedFiles: 2,
        failedFiles: 1,
        updatedAt: 4000,
      });
      expect(
        await repository.findFile('job-1', { fileName: 'f1.txt' }),
      ).toMatchObject({ status: 'completed', pageCount: 2, tableCount: 1 });
      expect(
        await repository.findFile('job-1', { fileId: 'f3' }),
      ).toMatchObject({ status: 'failed', reason: 'missing' });
      expect(await settle('f9')).toBe('gone');
    });

    it('counts failures of queued files', async () => {
      const count = (fileId: string) =>
        repository.countFailure({ jobId: 'job-1', fileId });
      for (const id of ['f1', 'f2']) await add(id);
      expect(await count('f1')).toBe(0);
      await start();
      expect([await count('f1'), await count('f1')]).toEqual([1, 2]);
      expect([await count('f2'), await count('f9')]).toEqual([1, 0]);
      await settle('f1');
      expect(await count('f1')).toBe(0);
    });

    it('ends a job by what its files came to', async () => {
      await add('f1');
      await start();
      await settle('f1', true);
      expect(await find()).toMatchObject({ status: 'failed' });
    });

    it('knows which jobs were not dispatched', async () => {
      const undispatched = async () =>
        (await repository.listUndispatched({})).items.map(({ id }) => id);
      await add('f1');
      expect(await undispatched()).toEqual([]);
      await start();
      expect(await undispatched()).toEqual(['job-1']);
      await repository.markDispatched('job-1');
      expect(await undispatched()).toEqual([]);
      expect(await find()).toMatchObject({ dispatched: true });
    });

    it('creates a started job with its files, once', async () => {
      const job: NewJob = {
        ...EXTRACTION,
        id: 'job-2',
        kind: 'chunking',
        status: 'started',
        extractionJobId: 'job-1',
        chunking: { strategy: 'page', chunkSize: 10, chunkOverlap: 0 },
      };
      const files = [{ id: 'f1', fileName: 'ü.txt', format: 'txt' as const }];
      await repository.createJob(job, files);
      await repository.createJob(job, files);
      const found = await repository.findJob('a', {
        kind: 'chunking',
        id: 'job-2',
      });
      expect(found).toEqual({
        ...job,
        dispatched: false,
        totalFiles: 1,
        completedFiles: 0,
        failedFiles: 0,
        updatedAt: 1000,
      });
      const { items } = await repository.listFiles('job-2', {});
      expect(items).toMatchObject([{ fileName: 'ü.txt', status: 'queued' }]);
    });

    it('keeps applications and kinds apart', async () => {
      const found = await Promise.all([
        repository.findJob('b', { kind: 'extraction', id: 'job-1' }),
        repository.findJob('a', { kind: 'chunking', id: 'job-1' }),
      ]);
      expect(found).toEqual([undefined, undefined]);
      expect((await repository.listJobs('b', 'extraction', {})).items).toEqual(
        [],
      );
      expect(
        await repository.startJob(
          { clientId: 'b', jobId: 'job-1' },
          { failed: [], now: 1 },
        ),
      ).toBe(false);
      expect(
        await repository.deleteJob(
          'b',
          { kind: 'extraction', id: 'job-1' },
          { objectPrefix: 'x/' },
        ),
      ).toBe(false);
    });

    it('pages through jobs and files, each once', async () => {
      for (const id of ['f1', 'f2', 'f3']) await add(id);
      const first = await repository.listFiles('job-1', { limit: 2 });
      const second = await repository.listFiles('job-1', {
        limit: 2,
        cursor: first.nextCursor,
      });
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([
        'f1',
        'f2',
        'f3',
      ]);
      expect(second.nextCursor).toBeUndefined();

      await repository.createJob({ ...EXTRACTION, id: 'job-2' }, []);
      const newest = await repository.listJobs('a', 'extraction', { limit: 1 });
      expect(newest.items.map(({ id }) => id)).toEqual(['job-2']);
      const older = await repository.listJobs('a', 'extraction', {
        limit: 1,
        cursor: newest.nextCursor,
      });
      expect(older.items.map(({ id }) => id)).toEqual(['job-1']);
    });

    it('sums the jobs of one application and kind in a range, by status', async () => {
      for (const id of ['f1', 'f2']) await add(id);
      await start();
      await settle('f1');
      await settle('f2', true);
      const others = [
        { id: 'job-2', createdAt: 1999 },
        { id: 'job-3', createdAt: 2000 },
        { id: 'job-4', clientId: 'b' },
        { id: 'job-5', kind: 'chunking' as const },
      ];
      for (const other of others) {
        await repository.createJob({ ...EXTRACTION, ...other }, []);
      }
      const none = { totalFiles: 0, completedFiles: 0, failedFiles: 0 };
      const range = { from: 1000, to: 2000 };
      expect(await repository.sumByStatus('a', 'extraction', range)).toEqual([
        {
          status: 'completed_with_errors',
          jobs: 1,
          totalFiles: 2,
          completedFiles: 1,
          failedFiles: 1,
        },
        { status: 'created', jobs: 1, ...none },
      ]);
      expect(
        await repository.sumByStatus('a', 'extraction', {
          from: 0,
          to: Number.MAX_SAFE_INTEGER,
        }),
      ).toMatchObject([{ jobs: 1 }, { jobs: 2 }]);
      expect(await repository.sumByStatus('c', 'extraction', range)).toEqual(
        [],
      );
    });

    it('remembers the objects of a deleted job until they are removed', async () => {
      await add('f1');
      const job = { kind: 'extraction' as const, id: 'job-1' };
      const removal = { objectPrefix: 'jobs/job-1/' };
      expect(await repository.deleteJob('a', job, removal)).toBe(true);
      expect(await repository.deleteJob('a', job, removal)).toBe(false);
      expect((await repository.listFiles('job-1', {})).items).toEqual([]);
      const removals = async () => (await repository.listRemovals({})).items;
      expect(await removals()).toEqual(['jobs/job-1/']);
      await repository.forgetRemoval('jobs/job-1/');
      await repository.forgetRemoval('jobs/job-1/');
      expect(await removals()).toEqual([]);
    });

    it('pages through what is left to do, also while it is done', async () => {
      const ids = ['j1', 'j2', 'j3', 'j4', 'j5'];
      for (const [at, id] of ids.entries()) {
        const job: NewJob = {
          ...{ ...EXTRACTION, id, kind: 'chunking' },
          ...{ status: 'started', createdAt: 5000 + at },
        };
        await repository.createJob(job, []);
      }
      const readAll = async <T>(
        read: (page: PageRequest) => Promise<Page<T>>,
        finish: (item: T) => Promise<void>,
      ) => {
        const pages: T[][] = [];
        let cursor: string | undefined;
        do {
          const page = await read({ limit: 2, cursor });
          pages.push(page.items);
          // What fails stays, and the next page is behind it all the same.
          await finish(page.items[0]);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return pages;
      };
      const jobs = await readAll(
        page => repository.listUndispatched(page),
        ({ id }) => repository.markDispatched(id),
      );
      expect(jobs.map(page => page.map(({ id }) => id))).toEqual([
        ['j1', 'j2'],
        ['j3', 'j4'],
        ['j5'],
      ]);
      const left = (await repository.listUndispatched({})).items;
      expect(left.map(({ id }) => id)).toEqual(['j2', 'j4']);

      for (const id of ids) {
        const removal = { objectPrefix: `jobs/${id}/` };
        await repository.deleteJob('a', { kind: 'chunking', id }, removal);
      }
      const prefixes = await readAll(
        page => repository.listRemovals(page),
        prefix => repository.forgetRemoval(prefix),
      );
      expect(prefixes.flat()).toEqual(ids.map(id => `jobs/${id}/`));
      expect((await repository.listRemovals({})).items).toEqual([
        'jobs/j2/',
        'jobs/j4/',
      ]);
    });
  });
}
