import { CreateVectorBucketCommand } from '@aws-sdk/client-s3vectors';
import { SqliteQueue } from '@genai-environments/service-kit';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import { randomUUID } from 'node:crypto';
import { type Harness, startHarness } from '../../testing/harness';
import { openVectorizationDatabase } from '../local/database';
import { createDynamoDbRepositories } from './createDynamoDbRepositories';
import { createOpenSearchServerlessIndex } from './opensearch/createOpenSearchServerlessIndex';
import { startSearchEmulator } from './opensearch/testing/startSearchEmulator';
import { TEST_CREDENTIALS } from './opensearch/testing/verifySignature';
import { S3VectorsIndex } from './S3VectorsIndex';
import { startVectorsEmulator } from './testing/startVectorsEmulator';

jest.setTimeout(60_000);

/** The service with its records in DynamoDB and its vectors in S3 Vectors. */
describe('vectorization on AWS', () => {
  let harness: Harness;
  let tearDown: () => Promise<void>;

  beforeEach(async () => {
    const emulator = await startVectorsEmulator();
    const { client } = emulator;
    const { table, tearDown: removeTable } = await createTestTable();
    const bucket = `test-${randomUUID()}`;
    await client.send(
      new CreateVectorBucketCommand({ vectorBucketName: bucket }),
    );
    const collection = await startSearchEmulator();
    harness = await startHarness({
      repositories: createDynamoDbRepositories({ table }),
      vectorIndexes: {
        s3vectors: new S3VectorsIndex({ client, bucket, table }),
        opensearchserverless: createOpenSearchServerlessIndex({
          endpoint: collection.endpoint,
          region: 'eu-west-1',
          table,
          credentials: async () => TEST_CREDENTIALS,
        }),
      },
    });
    tearDown = async () => {
      await harness.close();
      await collection.close();
      await emulator.close();
      await removeTable();
    };
  });
  afterEach(() => tearDown());

  const post = (url: string, payload: object) =>
    harness.call('POST', url, { payload });

  async function createIndex(store_type?: string) {
    const store = await post('/vector/store/create', {
      store_name: 's',
      store_type,
    });
    const { store_id } = store.json;
    const index = await post('/vector/store/index/create', {
      store_id,
      index_name: 'i',
    });
    return { store_id, index_id: index.json.index_id };
  }

  it('goes from a store to found passages, and removes all of it', async () => {
    const { store_id, index_id } = await createIndex();
    harness.chunks.put('chunks-1', {
      'a.txt': [
        { text: 'The cat sleeps.', pageNumber: 1 },
        { text: 'The bridge is closed.', pageNumber: 2 },
      ],
      'b.txt': [{ text: 'An invoice is due.' }],
      'broken.txt': null,
    });
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
      metadata: { team: 'a' },
    });
    expect(job).toMatchObject({
      status: 'COMPLETED',
      total_file_count: 2,
      completed_file_count: 2,
      failed_file_count: 0,
    });
    const search = { query: 'bridge', index_id, top_k: 1 };
    expect((await post('/vector/search', search)).json).toMatchObject([
      { text: 'The bridge is closed.', file_name: 'a.txt', page_number: 2 },
    ]);
    const elsewhere = { ...search, filter: { team: 'b' } };
    expect((await post('/vector/search', elsewhere)).json).toEqual([]);
    const url = `/vector/job/files/${job.vectorize_job_id}`;
    expect((await harness.call('GET', url)).json).toEqual([
      { file_name: 'a.txt', status: 'COMPLETED', chunk_count: 2 },
      { file_name: 'b.txt', status: 'COMPLETED', chunk_count: 1 },
    ]);

    expect(
      (await harness.call('DELETE', `/vector/store/${store_id}`)).status,
    ).toBe(200);
    expect((await post('/vector/search', search)).status).toBe(404);
    expect((await harness.call('GET', url)).status).toBe(404);
    expect((await post('/vector/stores/list', {})).json).toEqual([]);
  });

  it('answers 400 to a search by words, which S3 Vectors does not do', async () => {
    const { index_id } = await createIndex();
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'The cat sleeps.' }] });
    await harness.vectorize({ chunking_job_id: 'chunks-1', index_id });
    const search = { query: 'cat', index_id, mode: 'hybrid' };
    expect(await post('/vector/search', search)).toMatchObject({
      status: 400,
      headers: {
        'content-type': expect.stringContaining('application/problem+json'),
      },
      json: {
        code: 'hybrid_search_unavailable',
        detail: expect.stringContaining('"vector"'),
      },
    });
  });

  it('says where a store is kept, and takes S3 Vectors unless told otherwise', async () => {
    expect(
      (await post('/vector/store/create', { store_name: 's' })).json,
    ).toMatchObject({
      store_type: 's3vectors',
      message: expect.stringContaining('Amazon S3 Vectors'),
    });
    const classic = { store_name: 's', store_type: 'opensearchserverless' };
    expect((await post('/vector/store/create', classic)).json).toMatchObject({
      store_type: 'opensearchserverless',
      message: expect.stringContaining('Amazon OpenSearch Serverless'),
    });
  });

  it('searches by words and meaning in OpenSearch Serverless', async () => {
    const { store_id, index_id } = await createIndex('opensearchserverless');
    harness.chunks.put('chunks-1', {
      'a.txt': [{ text: 'The cat is called Zebedee.' }, { text: 'The cat.' }],
      'b.txt': [{ text: 'A bridge over the river.' }],
    });
    const job = { chunking_job_id: 'chunks-1', index_id };
    await harness.vectorize(job);
    await harness.vectorize(job);
    const search = { query: 'cat zebedee', index_id, mode: 'hybrid' };
    const { json } = await post('/vector/search', search);
    expect(json.map(({ text }: any) => text)).toEqual([
      'The cat is called Zebedee.',
      'The cat.',
      'A bridge over the river.',
    ]);
    await harness.call('DELETE', `/vector/store/${store_id}`);
    expect((await post('/vector/search', search)).status).toBe(404);
  });

  it('answers 400 to a store that would be kept elsewhere', async () => {
    const answer = await post('/vector/store/create', {
      store_name: 's',
      store_type: 'local',
    });
    expect(answer).toMatchObject({
      status: 400,
      json: {
        code: 'store_type_unavailable',
        detail: expect.stringContaining(
          'Available: "s3vectors", "opensearchserverless".',
        ),
      },
    });
  });

  it.each(['s3vectors', 'opensearchserverless'])(
    'counts and stores once, in %s, what is delivered several times and at once',
    async type => {
      await harness.restart({ work: false });
      const { index_id } = await createIndex(type);
      const names = Array.from({ length: 6 }, (_, file) => `${file}.txt`);
      const chunksOf = (name: string) =>
        Array.from({ length: 5 }, (_, at) => ({ text: `cat ${name} ${at}` }));
      harness.chunks.put(
        'chunks-1',
        Object.fromEntries(names.map(name => [name, chunksOf(name)])),
      );
      const { json } = await post('/vector/store/vectorize', {
        chunking_job_id: 'chunks-1',
        index_id,
      });
      const jobId = json.vectorize_job_id;
      const database = openVectorizationDatabase(harness);
      const queue = new SqliteQueue({ database, name: 'vectorization' });
      const messages = names.map((_, fileNo) => ({ jobId, fileNo }));
      await queue.send([...messages, ...messages]);
      harness.vectorization.workers[0].start();
      for (;;) {
        const { ready, inFlight } = await queue.counts();
        if (ready + inFlight === 0) break;
        await new Promise(resolve => setTimeout(resolve, 20));
      }
      database.close();

      const status = await harness.call('GET', `/vector/job/status/${jobId}`);
      expect(status.json).toMatchObject({
        status: 'COMPLETED',
        completed_file_count: names.length,
        failed_file_count: 0,
      });
      const found = await harness.vectorization.search('app-1', {
        indexId: index_id,
        query: 'cat',
        topK: 100,
      });
      expect(found.map(({ text }) => text).sort()).toEqual(
        names.flatMap(chunksOf).map(({ text }) => text),
      );
    },
  );

  it('is up while table and bucket are', async () => {
    expect(await harness.call('GET', '/vector/service/health')).toMatchObject({
      status: 200,
      json: { status: 'UP' },
    });
  });
});
