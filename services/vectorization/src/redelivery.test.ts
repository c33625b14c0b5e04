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
    const left = database.prepare('SELECT count(*) AS n FROM pending_removal');
    while (left.get()!.n !== 0) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
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
    // The fifth failure: four went before it, and more deliveries that say nothing.
    const database = openVectorizationDatabase(harness);
    database.exec('UPDATE vectorize_file SET failures = 4');
    database.exec('UPDATE queue_message SET deliveries = 12');
    database.close();
    harness.embedder.fail = () =>
      new DependencyError('The model breaks off.', {
        kind: 'failed',
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
      { file_name: 'a.txt', status: 'FAILED', reason: 'The model breaks off.' },
    ]);
  });
});

describe('a file that takes long', () => {
  const CHUNKS = 10 * 32;
  let harness: Harness;
  let indexId: string;
  let job: { vectorize_job_id: string };

  beforeEach(async () => {
    harness = await startHarness({ work: false });
    const texts = Array.from({ length: CHUNKS }, (_, at) => ({
      text: at === 40 ? ' ' : `cat ${at}`,
    }));
    harness.chunks.put('chunks-1', { 'a.txt': texts });
    ({ indexId } = await harness.createIndex());
    const { json } = await harness.call('POST', '/vector/store/vectorize', {
      payload: { chunking_job_id: 'chunks-1', index_id: indexId },
    });
    job = json;
  });
  afterEach(() => harness.close());

  const read = async (path: string) =>
    (await harness.call('GET', `/vector/job/${path}/${job.vectorize_job_id}`))
      .json;
  async function expectComplete(): Promise<void> {
    while ((await read('status')).status === 'IN_PROGRESS') {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    expect(await read('files')).toEqual([
      { file_name: 'a.txt', status: 'COMPLETED', chunk_count: CHUNKS - 1 },
    ]);
    const found = await harness.vectorization.search('app-1', {
      ...{ indexId, query: 'cat', topK: 1000 },
    });
    expect(new Set(found.map(({ text }) => text)).size).toBe(CHUNKS - 1);
  }

  it('survives any number of restarts, and goes on where it was', async () => {
    const { embedder } = harness;
    const embed = embedder.embed.bind(embedder);
    const database = openVectorizationDatabase(harness);
    const progress = database.prepare('SELECT progress FROM vectorize_file');
    for (let restart = 0; restart < 7; restart++) {
      // One batch passes; the process is stopped during the next ones.
      const before = progress.get()!.progress;
      let calls = 0;
      embedder.embed = (...request) =>
        ++calls === 1 ? embed(...request) : new Promise<never>(() => {});
      harness.vectorization.workers[0].start();
      while (progress.get()!.progress === before) {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
      await harness.vectorization.workers[0].close({ drainMs: 0 });
      await harness.restart({ work: false });
    }
    database.close();
    embedder.embed = embed;
    harness.vectorization.workers[0].start();
    await expectComplete();
    const inputs = embedder.calls.flat().filter(text => text !== 'cat');
    expect(inputs).toHaveLength(CHUNKS - 1);
  });

  it('waits for a limit and goes on where it was', async () => {
    let left = 3;
    let waits = 0;
    harness.embedder.fail = () => {
      if (left-- > 0) return undefined;
      return new LimitExceededError('Too many requests.', {
        retryAfterSeconds: 60,
      });
    };
    const database = openVectorizationDatabase(harness);
    harness.vectorization.workers[0].start();
    // What the clock does: the message becomes visible, and the limit leaves room.
    for (; waits < 8 && (await read('status')).completed_file_count === 0; ) {
      const waiting = database
        .prepare(
          `SELECT id FROM queue_message
           WHERE receipt IS NULL AND visible_at > ?`,
        )
        .get(Date.now() + 30_000);
      if (waiting) {
        waits++;
        left = 2;
        database.exec('UPDATE queue_message SET visible_at = 0');
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    database.close();
    await expectComplete();
    expect(waits).toBeGreaterThan(2);
    const refused = waits * 3;
    expect(harness.embedder.calls.length).toBeLessThanOrEqual(10 + refused);
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
