import { openVectorizationDatabase } from './adapters/local/database';
import { Harness, startHarness } from './testing/harness';

describe('ordering a job of one id', () => {
  let harness: Harness;
  let database: ReturnType<typeof openVectorizationDatabase>;
  let order: { id: string; chunkingJobId: string; indexId: string };
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    harness = await startHarness({ work: false, clock: { now: () => now } });
    database = openVectorizationDatabase(harness);
    const chunks = [{ text: 'cat' }];
    harness.chunks.put('chunks-1', { 'a.txt': chunks, 'b.txt': chunks });
    const { indexId } = await harness.createIndex();
    order = { id: 'vectors-1', chunkingJobId: 'chunks-1', indexId };
  });
  afterEach(async () => {
    database.close();
    await harness.close();
  });

  const start = (clientId = 'app-1') =>
    harness.vectorization.vectorizer.startJob(clientId, order);
  const countOf = (table: 'vectorize_job' | 'queue_message') =>
    database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!.n;

  it('makes one job, and queues its files once, however often it is ordered', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    for (const outcome of outcomes) {
      expect(
        outcome.status === 'fulfilled'
          ? outcome.value.vectorizeJobId
          : outcome.reason.code,
      ).toMatch(/^vectors-1$|^job_being_queued$/);
    }
    expect(await start()).toEqual({ vectorizeJobId: 'vectors-1' });
    expect(countOf('vectorize_job')).toBe(1);
    expect(countOf('queue_message')).toBe(2);
    await expect(start('app-2')).rejects.toMatchObject({
      name: 'NotFoundError',
    });
  });

  it('queues what an order that broke off left', async () => {
    await start();
    database.exec(
      'DELETE FROM queue_message; UPDATE vectorize_job SET queued = 0',
    );
    await expect(start()).rejects.toMatchObject({
      code: 'job_being_queued',
      retryable: true,
    });
    expect(countOf('queue_message')).toBe(0);
    now += 5000;
    expect(await start()).toEqual({ vectorizeJobId: 'vectors-1' });
    expect(countOf('queue_message')).toBe(2);
  });
});
