import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationSpec } from './testing/applications';
import { removeDirectories } from './testing/directories';
import {
  createIndex,
  type Ingest,
  makeParagraphs,
  readIngest,
  startIngest,
} from './testing/ingests';
import { get } from './testing/requests';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { until } from './testing/until';

/** `npm run soak:workers` kills more often. */
const KILLS = Number(process.env.GENAI_TEST_KILLS ?? 10);
const FILES = 200;
/** Enough that the work lasts longer than the kills. */
const CHUNKS_PER_FILE = 20 + 4 * KILLS;
/** Of the workers: what a process that is killed had in hand comes back after it. */
const VISIBILITY_TIMEOUT_MS = 30_000;
const SECRET = 'a-secret-of-an-application';

jest.setTimeout(120_000 + KILLS * 10_000);

describe('workers that are killed', () => {
  let api: SpawnedRuntime;
  let token: string;

  beforeAll(() => buildRuntime(), 120_000);
  beforeEach(async () => {
    api = await SpawnedRuntime.spawn({
      args: ['--services', 'all', '--workers', 'none'],
    }).then(runtime => runtime.listening());
    await api.client.putApplication('app-1', applicationSpec(SECRET));
    token = await api.client.token('app-1', SECRET);
  });
  afterEach(async () => {
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  const spawnWorker = () =>
    SpawnedRuntime.spawn({
      args: ['--services', '', '--workers', 'all'],
      env: { GENAI_DATA_DIRECTORY: api.dataDirectory },
    }).then(runtime => runtime.listening());

  /** Ends a new worker process while it has work in hand, and without a word. */
  async function killAtWork(): Promise<void> {
    const since = Date.now();
    const worker = await spawnWorker();
    // At any moment of the work: there is no event to wait for.
    await delay(Math.random() * 300);
    await until(() => hasWorkInHand(api.dataDirectory, since), 45_000);
    worker.kill('SIGKILL');
    await worker.exited;
  }

  async function ingest(): Promise<string> {
    const index = await createIndex(api, { token, storeType: 'local' });
    const texts = Array.from({ length: FILES }, (_, no) =>
      makeParagraphs(CHUNKS_PER_FILE, part => `Part ${part} of report ${no}. `),
    );
    return (await startIngest(api, { token, index, texts })).ingest_id;
  }

  it(`process each of ${FILES} files once, over ${KILLS} kills`, async () => {
    const id = await ingest();
    const read = () => readIngest(api, { id, token });
    const status = (path: string) => get(api, path, token);
    for (let kill = 0; kill < KILLS; kill++) {
      await killAtWork();
    }
    expect((await read()).status).toBe('STARTED');
    await spawnWorker();
    let done: Ingest;
    do {
      await delay(250);
      done = await read();
    } while (done.status === 'STARTED');

    expect(done.files.filter(file => file.status !== 'COMPLETED')).toEqual([]);
    expect(done).toMatchObject({
      status: 'COMPLETED',
      total_file_count: FILES,
      completed_file_count: FILES,
      failed_file_count: 0,
    });
    expect(
      await status(`/document/extraction/job_status/${done.extraction_job_id}`),
    ).toMatchObject({ completed_file_count: FILES, failed_file_count: 0 });
    expect(
      await status(`/document/chunking/job_status/${done.chunking_job_id}`),
    ).toMatchObject({ status: 'COMPLETED', completed_files: FILES });
    expect(
      await status(`/vector/job/status/${done.vectorize_job_id}`),
    ).toMatchObject({ completed_file_count: FILES, failed_file_count: 0 });
    expectVectors(api.dataDirectory);
  });
});

/** Whether somebody has taken a message from any queue since then, and not settled it. */
function hasWorkInHand(dataDirectory: string, since: number): boolean {
  return ['document-processing', 'vectorization'].some(name => {
    const path = join(dataDirectory, `${name}.sqlite`);
    const database = new DatabaseSync(path, { readOnly: true });
    const found = database
      .prepare(
        'SELECT 1 FROM queue_message WHERE receipt IS NOT NULL AND visible_at >= ?',
      )
      .get(since + VISIBILITY_TIMEOUT_MS);
    database.close();
    return found !== undefined;
  });
}

/** What the index itself holds: each chunk once, each with its vector. */
function expectVectors(dataDirectory: string): void {
  const directory = join(dataDirectory, 'vectors');
  const [file] = readdirSync(directory, { recursive: true })
    .map(String)
    .filter(name => /\.(sqlite|db)$/.test(name));
  const database = new DatabaseSync(join(directory, file), { readOnly: true });
  const counts = database
    .prepare(
      `SELECT (SELECT count(*) FROM document) AS documents,
              (SELECT count(*) FROM chunk) AS chunks,
              (SELECT count(DISTINCT chunk_id) FROM chunk) AS distinctChunks,
              (SELECT count(*) FROM code) AS codes`,
    )
    .get() as Record<string, number>;
  database.close();
  expect({ ...counts }).toEqual({
    documents: FILES,
    chunks: CHUNKS_PER_FILE * FILES,
    distinctChunks: CHUNKS_PER_FILE * FILES,
    codes: CHUNKS_PER_FILE * FILES,
  });
}
