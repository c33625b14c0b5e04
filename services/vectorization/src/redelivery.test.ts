import {
  DependencyError,
  LimitExceededError,
  SqliteQueue,
} from '@genai-environments/service-kit';
import { openVectorizationDatabase } from './adapters/local/database';
import type { VectorizeMessage } from './domain/VectorizeJob';
import { Harness, startHarness } from './testing/harness';

/** What a queue may do to a worker, and a worker to itself. */
describe('vectorization under trouble', () => {
  let harness: Harness;
  afterEach(() => harness.close());

  const FILES = 12;
  const CHUNKS = 40;
  const fill = () =>
    harness.chunks.put(
      'chunks-1',
      Object.fromEntries(
        Array.from({ length: FILES }, (_, file) => [
          `${file}.txt`,
          Array.from({ length: CHUNKS }, (__, chunk) => ({
            text: `cat ${file} ${chunk}`,
          })),
        ]),
      ),
    );
  async function expectExact(indexId: string): Promise<void> {
    const found = await harness.vectorization.search('app-1', {
      indexId,
      query: 'cat',
      topK: 1000,
    });
    expect(found).toHaveLength(FILES * CHUNKS);
    const texts = new Set(found.map(({ text }) => text));
    expect(texts.size).toBe(FILES * CHUNKS);
  }

  it('counts and stores once what is delivered several times, also at once', async () => {
    harness = await startHarness({ work: false });
    fill();
    const { indexId: index_id } = await harness.createIndex();
    const { json } = await harness.call('POST', '/vector/store/vectorize', {
      payload: { chunking_job_id: 'chunks-1', index_id },
    });
    const database = openVectorizationDatabase(harness);
    const queue = new SqliteQueue<VectorizeMessage>({
      database,
      name: 'vectorization',
    });
    const messages = Array.from({ length: FILES }, (_, fileNo) => ({
      jobId: json.vectorize_job_id,
      fileNo,
    }));
    await queue.send([...messages, ...messages]);
    database.close();
    harness.vectorization.workers[0].start();
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    expect(job).toMatchObject({ status: 'COMPLETED' });
    const first = await harness.call(
      'GET',
      `/vector/job/status/${json.vectorize_job_id}`,
    );
    expect(first.json).toMatchObject({
      status: 'COMPLETED',
      completed_file_count: FILES,
    });
    await expectExact(index_id);
  });

  it('ends work that broke off in the middle', async () => {
    harness = await startHarness({ work: false });
    fill();
    const { indexId: index_id } = await harness.createIndex();
    let calls = 0;
    const interrupted = new Promise<void>(resolve => {
      harness.embedder.fail = () => {
        calls += 1;
        if (calls === 5) resolve();
        return calls % 5 === 0
          ? new DependencyError('Away for a moment.', {
              kind: 'unavailable',
              retryable: true,
            })
          : undefined;
      };
    });
    await harness.call('POST', '/vector/store/vectorize', {
      payload: { chunking_job_id: 'chunks-1', index_id },
    });
    harness.vectorization.workers[0].start();
    await interrupted;
    await harness.vectorization.workers[0].close({ drainMs: 0 });
    await harness.restart();
    harness.embedder.fail = () => undefined;
    harness.vectorization.workers[0].start();
    const { json } = await harness.call('GET', '/vector/jobs/list');
    for (;;) {
      const status = await harness.call(
        'GET',
        `/vector/job/status/${json[0].vectorize_job_id}`,
      );
      if (status.json.status === 'COMPLETED') break;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await expectExact(index_id);
  }, 20_000);

  it('queues at its start what a crash kept from the queue', async () => {
    harness = await startHarness();
    fill();
    const { indexId: index_id } = await harness.createIndex();
    // The state after a crash between the record and the queue.
    const database = openVectorizationDatabase(harness);
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    database.exec(
      `UPDATE vectorize_job SET queued = 0, completed_files = 0;
       UPDATE vectorize_file SET status = 'PENDING', chunk_count = NULL;
       INSERT INTO pending_removal (index_id) VALUES ('left-behind');`,
    );
    await harness.restart();
    const url = `/vector/job/status/${job.vectorize_job_id}`;
    while ((await harness.call('GET', url)).json.status !== 'COMPLETED') {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    const left = database
      .prepare('SELECT count(*) AS n FROM pending_removal')
      .get();
    expect(left).toEqual({ n: 0 });
    database.close();
    await expectExact(index_id);
  });

  it('gives up after five attempts and says why', async () => {
    harness = await startHarness({ work: false });
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'cat' }] });
    const { indexId: index_id } = await harness.createIndex();
    const { json } = await harness.call('POST', '/vector/store/vectorize', {
      payload: { chunking_job_id: 'chunks-1', index_id },
    });
    // The fifth attempt: four went before it.
    const database = openVectorizationDatabase(harness);
    database.exec('UPDATE queue_message SET deliveries = 4');
    database.close();
    harness.embedder.fail = () =>
      new DependencyError('The model is away.', {
        kind: 'unavailable',
        retryable: true,
      });
    harness.vectorization.workers[0].start();
    const id = json.vectorize_job_id;
    const url = `/vector/job/status/${id}`;
    while ((await harness.call('GET', url)).json.status !== 'FAILED') {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    const files = await harness.call('GET', `/vector/job/files/${id}`);
    expect(files.json).toEqual([
      { file_name: 'a.txt', status: 'FAILED', reason: 'The model is away.' },
    ]);
  });
});

describe('a file that is larger than a whole limit', () => {
  it('fails at once, with the reason: waiting would not help', async () => {
    const harness = await startHarness();
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'cat' }] });
    const { indexId: index_id } = await harness.createIndex();
    harness.embedder.fail = () =>
      new LimitExceededError('More tokens than a day has.', {
        retryAfterSeconds: 60,
        retryable: false,
      });
    const job = await harness.vectorize({
      chunking_job_id: 'chunks-1',
      index_id,
    });
    expect(job).toMatchObject({ status: 'FAILED', failed_file_count: 1 });
    expect(harness.embedder.calls).toHaveLength(1);
    await harness.close();
  });
});

describe('what other services are given', () => {
  it('starts a job, tells how far it is, and searches', async () => {
    const harness = await startHarness();
    harness.chunks.put('chunks-1', { 'a.txt': [{ text: 'A cat' }] });
    const { indexId } = await harness.createIndex();
    const { vectorizer, search } = harness.vectorization;
    await vectorizer.assertIndex('app-1', indexId);
    await expect(
      vectorizer.assertIndex('app-2', indexId),
    ).rejects.toMatchObject({ code: 'index_not_found' });
    const job = { chunkingJobId: 'chunks-1', indexId };
    const { vectorizeJobId } = await vectorizer.startJob('app-1', job);
    let found = await vectorizer.findJob('app-1', vectorizeJobId);
    while (found!.status === 'pending') {
      await new Promise(resolve => setTimeout(resolve, 5));
      found = await vectorizer.findJob('app-1', vectorizeJobId);
    }
    expect(found).toEqual({
      status: 'completed',
      files: [{ fileName: 'a.txt', status: 'completed' }],
    });
    expect(await vectorizer.findJob('app-2', vectorizeJobId)).toBeUndefined();
    expect(await search('app-1', { indexId, query: 'cat' })).toMatchObject([
      { text: 'A cat', fileName: 'a.txt' },
    ]);
    await harness.close();
  });
});
