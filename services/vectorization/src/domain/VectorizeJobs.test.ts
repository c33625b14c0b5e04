import { createLogger, type Queue } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createSqliteRepositories } from '../adapters/local/createSqliteRepositories';
import { openVectorizationDatabase } from '../adapters/local/database';
import type { VectorizationRepositories } from '../ports/VectorizationRepositories';
import { MemoryChunks } from '../testing/harness';
import type { VectorizeMessage } from './VectorizeJob';
import { VectorizeJobs } from './VectorizeJobs';
import type { VectorStores } from './VectorStores';

const MINUTE = 60_000;

describe('a job that the queue does not take', () => {
  let directory: string;
  let database: DatabaseSync;
  let repositories: VectorizationRepositories;
  let jobs: VectorizeJobs;
  let log: string[];
  let now: number;
  /** Jobs whose messages are refused, and those whose messages were taken. */
  let refuses: (jobId: string) => boolean;
  let sent: string[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vectorize-jobs-'));
    database = openVectorizationDatabase({ dataDirectory: directory });
    repositories = createSqliteRepositories({ database });
    const place = { clientId: 'app-1', createdAt: 1 };
    const store = { ...place, id: 's', name: 's', tags: [] };
    await repositories.stores.addStore({ ...store, type: 'local' });
    const index = { ...place, id: 'i', name: 'i', storeId: 's' };
    await repositories.stores.addIndex({ ...index, storeType: 'local' });

    const chunks = new MemoryChunks();
    chunks.put('chunks', { 'a.txt': [{ text: 'cat' }] });
    log = [];
    sent = [];
    now = MINUTE;
    refuses = () => true;
    let made = 0;
    jobs = new VectorizeJobs({
      repository: repositories.jobs,
      stores: { getIndex: async () => index } as unknown as VectorStores,
      chunks,
      queue: {
        async send([{ jobId }]: VectorizeMessage[]) {
          if (refuses(jobId)) throw new Error('The queue is away');
          sent.push(jobId);
        },
      } as unknown as Queue<VectorizeMessage>,
      clock: { now: () => now },
      newId: () => `job-${++made}`,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
    });
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  const start = (id?: string) =>
    jobs.start('app-1', { id, chunkingJobId: 'chunks', indexId: 'i' });
  const unqueued = async () =>
    (await repositories.jobs.listUnqueued()).map(({ jobId }) => jobId);

  it('is accepted all the same, and the log is told', async () => {
    expect(await start()).toMatchObject({ id: 'job-1', totalFiles: 1 });
    expect(await jobs.get('app-1', 'job-1')).toMatchObject({ totalFiles: 1 });
    expect(await unqueued()).toEqual(['job-1']);
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0])).toMatchObject({
      ids: ['job-1'],
      err: { message: 'The queue is away' },
    });
  });

  it('is answered when it is ordered again', async () => {
    await start('mine');
    now += MINUTE;
    expect(await start('mine')).toMatchObject({ id: 'mine' });
    expect(await unqueued()).toEqual(['mine']);
  });

  it('is queued later, unless somebody may be at it just now', async () => {
    await start();
    now += 1;
    await start();
    refuses = () => false;
    await jobs.resume({ before: now });
    expect(sent).toEqual(['job-1']);
    expect(await unqueued()).toEqual(['job-2']);
    await jobs.resume({ before: now + 1 });
    expect(sent).toEqual(['job-1', 'job-2']);
    expect(await unqueued()).toEqual([]);
  });

  it('keeps no other from the queue, nor the log from being read', async () => {
    for (let each = 0; each < 3; each++) await start();
    refuses = jobId => jobId !== 'job-3';
    await jobs.resume();
    expect(sent).toEqual(['job-3']);
    expect(await unqueued()).toEqual(['job-1', 'job-2']);
    expect(log).toHaveLength(4);
    expect(JSON.parse(log[3])).toMatchObject({ failures: 2 });
  });
});
