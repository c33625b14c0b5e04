import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationSpec } from './testing/applications';
import { removeDirectories } from './testing/directories';
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

type Ingest = {
  ingest_id: string;
  status: string;
  total_file_count: number;
  completed_file_count: number;
  failed_file_count: number;
  extraction_job_id: string;
  chunking_job_id: string;
  vectorize_job_id: string;
  files: Array<{ file_name: string; status: string; reason?: string }>;
};

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

  async function post<T>(path: string, body: unknown): Promise<T> {
    const answer = await api.client.post(path, token, body);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }
  async function get<T>(path: string): Promise<T> {
    const answer = await api.client.fetch(path, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as T;
  }

  async function startIngest(): Promise<Ingest> {
    const { store_id: storeId } = await post<{ store_id: string }>(
      '/vector/store/create',
      { store_name: 'docs', store_type: 'local' },
    );
    const { index_id: indexId } = await post<{ index_id: string }>(
      '/vector/store/index/create',
      { store_id: storeId, index_name: 'docs' },
    );
    const form = new FormData();
    form.append('index_id', indexId);
    form.append('chunking_strategy', 'recursive');
    form.append('chunk_size', '400');
    form.append('chunk_overlap', '0');
    for (let no = 0; no < FILES; no++) {
      form.append('files', new Blob([textOf(no)]), `file ${no}.txt`);
    }
    const answer = await api.client.fetch('/document/ingest', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Ingest;
  }

  it(`process each of ${FILES} files once, over ${KILLS} kills`, async () => {
    const { ingest_id: id } = await startIngest();
    for (let kill = 0; kill < KILLS; kill++) {
      await killAtWork();
    }
    const before = await get<Ingest>(`/document/ingest/${id}`);
    expect(before.status).toBe('STARTED');
    await spawnWorker();
    let ingest: Ingest;
    do {
      await delay(250);
      ingest = await get<Ingest>(`/document/ingest/${id}`);
    } while (ingest.status === 'STARTED');

    expect(ingest.files.filter(file => file.status !== 'COMPLETED')).toEqual(
      [],
    );
    expect(ingest).toMatchObject({
      status: 'COMPLETED',
      total_file_count: FILES,
      completed_file_count: FILES,
      failed_file_count: 0,
    });
    expect(
      await get(`/document/extraction/job_status/${ingest.extraction_job_id}`),
    ).toMatchObject({ completed_file_count: FILES, failed_file_count: 0 });
    expect(
      await get(`/document/chunking/job_status/${ingest.chunking_job_id}`),
    ).toMatchObject({ status: 'COMPLETED', completed_files: FILES });
    expect(
      await get(`/vector/job/status/${ingest.vectorize_job_id}`),
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

/** Paragraphs of which no two fit into a chunk of 400 characters. */
function textOf(no: number): string {
  return Array.from({ length: CHUNKS_PER_FILE }, (_, part) =>
    `Part ${part} of report ${no}. `.repeat(12).trim(),
  ).join('\n\n');
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
