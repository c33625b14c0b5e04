import type { Queue } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDocumentDatabase } from '../adapters/local/database';
import { SqliteIngestRepository } from '../adapters/local/SqliteIngestRepository';
import type { ChunkingJobs } from './ChunkingJobs';
import type { ExtractionJobs } from './ExtractionJobs';
import { type IngestMessage, Ingests } from './Ingests';
import type { Job } from './Job';

const ENDED = { status: 'completed', completedFiles: 1, dispatched: true };

describe('the next step of an ingest', () => {
  let directory: string;
  let database: DatabaseSync;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ingests-'));
    database = openDocumentDatabase({ dataDirectory: directory });
  });
  afterEach(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });

  /** Looks at an ingest whose chunking job is as it says, so often at the same time. */
  async function advance(chunked: Partial<Job> | undefined, times = 1) {
    const startJob = jest.fn(async (_clientId: string, job: { id: string }) => {
      await new Promise(resolve => setImmediate(resolve));
      return { vectorizeJobId: job.id };
    });
    const create = jest.fn(async () => ({ ...ENDED, ...chunked }));
    const ids = ['ingest', 'extraction', 'chunking', 'vectors'];
    const ingests = new Ingests({
      repository: new SqliteIngestRepository({ database }),
      extraction: {
        create: async () => ENDED,
        get: async () => ENDED,
      } as unknown as ExtractionJobs,
      chunking: {
        create,
        findJobWithFiles: async () => chunked && { job: chunked, files: [] },
      } as unknown as ChunkingJobs,
      vectorizer: {
        startJob,
        assertIndex: async () => {},
        findJob: async () => undefined,
      },
      queue: {} as Queue<IngestMessage>,
      clock: { now: () => 1 },
      newId: () => ids.shift()!,
    });
    await ingests.create('a', {
      indexId: 'index',
      chunking: { strategy: 'page', chunkSize: 10, chunkOverlap: 0 },
    });
    const message = { clientId: 'a', ingestId: 'ingest' };
    await Promise.all(
      Array.from({ length: times }, () => ingests.advance(message)),
    );
    return {
      ids: startJob.mock.calls.map(([, { id }]) => id),
      orders: create.mock.calls.length,
      vectorized: startJob.mock.calls.length,
    };
  }

  it.each<[string, Partial<Job> | undefined, object]>([
    [
      'waits for chunks that are ordered',
      { ...ENDED, status: 'started' } as Job,
      { orders: 0, vectorized: 0 },
    ],
    [
      'orders chunks again when a crash came before their orders',
      { status: 'started', dispatched: false },
      { orders: 1, vectorized: 0 },
    ],
    [
      'makes vectors of chunks whose last order was sent and not recorded',
      { ...ENDED, dispatched: false } as Job,
      { orders: 1, vectorized: 1 },
    ],
    ['makes vectors of chunks', ENDED as Job, { orders: 0, vectorized: 1 }],
  ])('%s', async (_name, chunked, expected) => {
    expect(await advance(chunked)).toMatchObject(expected);
  });

  it('orders one and the same job of vectors when it looks twice at once', async () => {
    const { ids } = await advance(ENDED as Job, 2);
    expect(ids).toEqual(['vectors', 'vectors']);
  });
});
