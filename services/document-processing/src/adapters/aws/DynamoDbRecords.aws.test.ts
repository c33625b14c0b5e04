import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTableClient } from '@genai-environments/service-kit/aws';
import {
  awsEmulator,
  createTestTable,
} from '@genai-environments/service-kit/aws-testing';
import type { NewFile, NewJob } from '../../ports/DocumentJobRepository';
import { documentJobRepositoryContract } from '../../ports/testing/documentJobRepositoryContract';
import { ingestRepositoryContract } from '../../ports/testing/ingestRepositoryContract';
import { DynamoDbDocumentJobRepository } from './DynamoDbDocumentJobRepository';
import { DynamoDbIngestRepository } from './DynamoDbIngestRepository';

jest.setTimeout(120_000);

/**
 * A table with a client that waits: moto copies the table for each change of a transaction,
 * and is asked one thing after the other.
 */
async function createPatientTable() {
  const storage = await createTestTable();
  const table = openPatiently(storage.name);
  return {
    name: storage.name,
    table,
    async tearDown() {
      table.close();
      await storage.tearDown();
    },
  };
}

function openPatiently(name: string): DynamoTableClient {
  const client = new DynamoDBClient({
    ...awsEmulator(),
    requestHandler: { httpAgent: { maxSockets: 1 } },
  });
  const marshallOptions = { removeUndefinedValues: true };
  return new DynamoTableClient({
    client: DynamoDBDocumentClient.from(client, { marshallOptions }),
    name,
  });
}

describe('DynamoDbIngestRepository', () => {
  ingestRepositoryContract({
    async setUp() {
      const { table, tearDown } = await createPatientTable();
      return { open: () => new DynamoDbIngestRepository({ table }), tearDown };
    },
  });
});

describe('DynamoDbDocumentJobRepository', () => {
  documentJobRepositoryContract({
    async setUp() {
      const { table, tearDown } = await createPatientTable();
      return {
        open: () => new DynamoDbDocumentJobRepository({ table }),
        tearDown,
      };
    },
  });

  describe('beyond the contract', () => {
    let repository: DynamoDbDocumentJobRepository;
    let name: string;
    let tearDown: () => Promise<void>;
    beforeEach(async () => {
      const storage = await createPatientTable();
      ({ name, tearDown } = storage);
      repository = new DynamoDbDocumentJobRepository(storage);
    });
    afterEach(() => tearDown());

    const chunking: NewJob = {
      id: 'job-1',
      clientId: 'a',
      kind: 'chunking',
      status: 'started',
      extractionJobId: 'job-0',
      chunking: { strategy: 'page', chunkSize: 10, chunkOverlap: 0 },
      createdAt: 1000,
    };
    const makeFiles = (count: number): NewFile[] =>
      Array.from({ length: count }, (_, index) => ({
        id: `id-${(index * 7919) % count}`,
        fileName: `${'ü'.repeat(240)}${index}.txt`,
        format: 'txt',
      }));
    const find = () =>
      repository.findJob('a', { kind: 'chunking', id: 'job-1' });

    it('keeps thousands of files, in their order', async () => {
      const files = makeFiles(2000);
      await repository.createJob(chunking, files);
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await repository.listFiles('job-1', {
          limit: 700,
          cursor,
        });
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor);
      expect(ids).toEqual(files.map(({ id }) => id));
      const { fileName, id } = files[1999];
      expect(await repository.findFile('job-1', { fileName })).toMatchObject({
        id,
        status: 'queued',
        updatedAt: 1000,
      });
      expect(await find()).toMatchObject({ totalFiles: 2000 });
    });

    it('makes one job of attempts at the same time, and leaves nothing of the others', async () => {
      const files = makeFiles(30);
      await Promise.all(
        [1, 2, 3].map(() => repository.createJob(chunking, files)),
      );
      const [{ id: fileId }] = files;
      const outcome = { status: 'completed' as const, chunkCount: 3 };
      await repository.settleFile({ jobId: 'job-1', fileId }, outcome, {
        now: 2000,
      });
      await repository.createJob(chunking, files);
      expect(await find()).toMatchObject({
        totalFiles: 30,
        completedFiles: 1,
        status: 'started',
      });
      const { items } = await repository.listFiles('job-1', {});
      expect(items).toHaveLength(30);
      expect(items[0]).toMatchObject({ status: 'completed', chunkCount: 3 });
      expect(await countItems('documents#files#job-1')).toBe(90);
    });

    it('starts a job whose files are mostly missing', async () => {
      const job: NewJob = {
        ...{ id: 'job-1', clientId: 'a', kind: 'extraction' },
        ...{ status: 'created', createdAt: 1000 },
      };
      const key = { clientId: 'a', jobId: 'job-1' };
      await repository.createJob(job, makeFiles(120));
      const { items } = await repository.listFiles('job-1', {});
      expect(items[0].status).toBe('pending');
      const failed = items
        .slice(1)
        .map(({ id: fileId }) => ({ fileId, reason: 'never uploaded' }));
      expect(await repository.startJob(key, { failed, now: 2000 })).toBe(true);
      const started = await repository.findJob('a', {
        kind: 'extraction',
        id: 'job-1',
      });
      expect(started).toMatchObject({ status: 'started', failedFiles: 119 });
      const after = (await repository.listFiles('job-1', {})).items;
      expect(after[0]).toMatchObject({ status: 'queued', updatedAt: 2000 });
      expect(after[119]).toMatchObject({
        status: 'failed',
        reason: 'never uploaded',
      });
    });

    it('leaves nothing of a deleted job once its objects are removed', async () => {
      await repository.createJob(chunking, makeFiles(3));
      await repository.deleteJob(
        'a',
        { kind: 'chunking', id: 'job-1' },
        { objectPrefix: 'jobs/job-1/' },
      );
      const settled = await repository.settleFile(
        { jobId: 'job-1', fileId: 'id-0' },
        { status: 'completed' },
        { now: 2000 },
      );
      expect(settled).toBe('gone');
      expect(await countItems('documents#files#job-1')).toBe(9);
      await repository.forgetRemoval('jobs/job-1/');
      expect(await countItems('documents')).toBe(0);
    });

    /** In all partitions whose key begins so. */
    async function countItems(prefix: string): Promise<number> {
      const client = new DynamoDBClient(awsEmulator());
      let count = 0;
      const pages = paginateScan(
        { client },
        { TableName: name, ProjectionExpression: 'pk' },
      );
      for await (const { Items = [] } of pages) {
        count += Items.filter(({ pk }) => pk.S?.startsWith(prefix)).length;
      }
      client.destroy();
      return count;
    }
  });
});
