import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import type { VectorizeJob } from '../../domain/VectorizeJob';
import type { VectorizationRepositories } from '../../ports/VectorizationRepositories';
import { vectorizationRepositoriesContract } from '../../ports/testing/repositoriesContract';
import { createDynamoDbRepositories } from './createDynamoDbRepositories';
import { DynamoDbVectorStoreRepository } from './DynamoDbVectorStoreRepository';
import { jobKey, membersOf, REMOVALS } from './recordKeys';

jest.setTimeout(60_000);

async function setUp() {
  const { table, tearDown } = await createTestTable();
  const open = () => createDynamoDbRepositories({ table });
  return { table, open, tearDown };
}

describe('repositories in DynamoDB', () => {
  vectorizationRepositoriesContract({ setUp });

  describe('beyond the contract', () => {
    let table: DynamoTableClient;
    let repositories: VectorizationRepositories;
    let tearDown: () => Promise<void>;
    beforeEach(async () => {
      const storage = await setUp();
      ({ table, tearDown } = storage);
      repositories = storage.open();
    });
    afterEach(() => tearDown());

    const addStore = () =>
      repositories.stores.addStore({
        ...{ id: 's', clientId: 'a', name: 's', tags: [], createdAt: 1 },
        type: 's3vectors',
      });
    const addIndex = (id: string) =>
      repositories.stores.addIndex({
        ...{ id, clientId: 'a', storeId: 's', name: id, createdAt: 2 },
        storeType: 's3vectors',
      });
    const addJob = (files: number, more: Partial<VectorizeJob> = {}) =>
      repositories.jobs.add(
        {
          ...{ id: 'job', clientId: 'a', storeId: 's', indexId: 'i' },
          ...{ chunkingJobId: 'c', metadata: {}, totalFiles: files },
          ...{ completedFiles: 0, failedFiles: 0, begun: false },
          ...{ createdAt: 3, updatedAt: 3 },
          ...more,
        },
        Array.from({ length: files }, (_, no) => `${no}-${'ü'.repeat(40)}`),
      );
    const itemsOfJob = () => table.queryAll({ pk: jobKey('job').pk });

    it('adds a job of as many files as there may be at once', async () => {
      await addStore();
      await addIndex('i');
      await addJob(10_000);
      const { jobs } = repositories;
      const begun = await jobs.beginFile('job', 9_999, 4);
      expect(begun!.file.fileName).toMatch(/^9999-/);
      const page = await jobs.listFiles('a', 'job', {
        limit: 300,
        cursor: Buffer.from('9800').toString('base64url'),
      });
      expect(page!.items.map(({ no }) => no)).toEqual(
        Array.from({ length: 200 }, (_, at) => 9_800 + at),
      );
      expect(page!.items.at(-1)).toMatchObject({ status: 'IN_PROGRESS' });
      expect(page!.nextCursor).toBeUndefined();
      await expect(addJob(15_000, { id: 'large' })).rejects.toMatchObject({
        code: 'too_many_files',
      });
    });

    it('keeps metadata as it was given', async () => {
      await addStore();
      await addIndex('i');
      const metadata = { a: 1e300, b: '', c: [], d: -0.1, e: true };
      await addJob(1, { metadata });
      expect(await repositories.jobs.find('a', 'job')).toMatchObject({
        metadata,
      });
    });

    it('leaves nothing of a job but what its files had', async () => {
      await addStore();
      await addIndex('i');
      await addJob(3);
      await repositories.jobs.beginFile('job', 0, 4);
      await repositories.jobs.settleFile(
        'job',
        1,
        { status: 'FAILED', reason: 'Broken.' },
        5,
      );
      expect(await repositories.jobs.remove('a', 'job')).toBe(true);
      expect(await itemsOfJob()).toEqual([]);
      expect(await repositories.jobs.listUnqueued()).toEqual([]);
    });

    it('hides jobs with their index, and removes them with its contents', async () => {
      await addStore();
      await addIndex('i');
      await addJob(3);
      await repositories.stores.removeIndex('a', 'i');
      expect((await repositories.jobs.list('a', {})).items).toEqual([]);
      expect(
        await repositories.jobs.sumByStatus('a', { from: 0, to: 9 }),
      ).toEqual([]);
      expect(await itemsOfJob()).not.toEqual([]);
      await repositories.stores.removed('i');
      expect(await itemsOfJob()).toEqual([]);
      expect(await table.queryAll({ pk: REMOVALS })).toEqual([]);
      await expect(addJob(1)).rejects.toMatchObject({
        code: 'index_not_found',
      });
    });

    it('removes a store of more indexes than one transaction takes', async () => {
      await addStore();
      const ids = Array.from({ length: 8 }, (_, at) => `i${at}`);
      for (const id of ids) await addIndex(id);
      // moto takes seconds for a hundred changes.
      const stores = new DynamoDbVectorStoreRepository({
        table,
        indexesAtOnce: 3,
      });
      const removals = await stores.removeStore('a', 's');
      expect(removals!.map(({ indexId }) => indexId).sort()).toEqual(
        ids.sort(),
      );
      expect(await repositories.stores.findStore('a', 's')).toBeUndefined();
      expect(await repositories.stores.listPendingRemovals()).toHaveLength(8);
      expect(await table.queryAll({ pk: membersOf('s') })).toEqual([]);
    });
  });
});
