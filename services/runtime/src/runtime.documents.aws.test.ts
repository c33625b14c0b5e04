import type { AwsEnvironment } from './testing/AwsEnvironment';
import {
  createIndex,
  makeParagraphs,
  readIngest,
  startIngest,
} from './testing/ingests';
import { get, post } from './testing/requests';
import type { SpawnedRuntime } from './testing/spawnRuntime';
import { until } from './testing/until';
import { useAwsEnvironment } from './testing/useAwsEnvironment';

const STORE_TYPE = 's3vectors';
const TOPICS = ['boats', 'bridges', 'cats', 'invoices', 'gardens', 'planets'];
const FILES = TOPICS.length;
const PARTS = 4;
const TEXTS = TOPICS.map(topic =>
  makeParagraphs(PARTS, part => `Part ${part} tells of ${topic}. `),
);

describe('documents on AWS', () => {
  const aws = useAwsEnvironment();

  it('reads, cuts, embeds and finds them, each once with two workers', async () => {
    const [api] = await Promise.all([
      aws.spawnApi(),
      aws.spawnWorker(),
      aws.spawnWorker(),
    ]);
    const { token, clientId } = await aws.environment.createApplication();
    const index = await createIndex(api, { token, storeType: STORE_TYPE });
    const { ingest_id: id } = await startIngest(api, {
      token,
      index,
      texts: TEXTS,
    });
    expect(await finished(api, { id, token })).toMatchObject({
      status: 'COMPLETED',
      completed_file_count: FILES,
      failed_file_count: 0,
    });
    expect(await aws.environment.countVectors()).toBe(FILES * PARTS);
    const found = await post(api, '/vector/search', {
      token,
      body: { index_id: index, query: 'planets', top_k: 1 },
    });
    expect(found).toMatchObject([
      { file_name: 'file 5.txt', text: expect.stringContaining('planets') },
    ]);
    for (const kind of ['extraction', 'chunking', 'vectorization']) {
      const { items } = await post(api, `/admin/metrics/${kind}-jobs`, {
        token: api.controlKey,
        body: { app_id: clientId },
      });
      expect(Object.keys(items)).toEqual(['COMPLETED']);
    }
  });

  it('works with one task per service', async () => {
    const [documents, vectors, prompts] = await Promise.all(
      ['document-processing', 'vectorization', 'prompt-management'].map(name =>
        aws.environment.spawn({ args: ['--services', name] }),
      ),
    );
    const { token } = await aws.environment.createApplication();
    const index = await createIndex(vectors, { token, storeType: STORE_TYPE });
    const { ingest_id: id } = await startIngest(documents, {
      token,
      index,
      texts: TEXTS,
    });
    expect(await finished(documents, { id, token })).toMatchObject({
      status: 'COMPLETED',
      completed_file_count: FILES,
    });
    expect(await aws.environment.countVectors()).toBe(FILES * PARTS);
    const { answer, citations } = await post(vectors, '/v1/answers', {
      token,
      body: {
        index_id: index,
        question: 'What tells of planets?',
        model_name: 'local.extractive',
      },
    });
    expect(answer).toContain('planets');
    expect(citations[0]).toMatchObject({ file_name: 'file 5.txt' });
    await expectHealthOfAll(aws.environment, prompts);
    const elsewhere = await vectors.client.post(
      '/prompt/template/get',
      token,
      {},
    );
    expect(elsewhere.status).toBe(404);
  });

  it('loses nothing when workers are killed at work', async () => {
    const api = await aws.spawnApi();
    const { token } = await aws.environment.createApplication();
    const index = await createIndex(api, { token, storeType: STORE_TYPE });
    const { ingest_id: id, files: accepted } = await startIngest(api, {
      token,
      index,
      texts: TEXTS,
    });
    const worker = await aws.spawnWorker();
    await until(async () => {
      const { files } = await readIngest(api, { id, token });
      return files.some(({ status }, no) => status !== accepted[no].status);
    }, 60_000);
    worker.kill('SIGKILL');
    await worker.exited;
    await Promise.all([aws.spawnWorker(), aws.spawnWorker()]);
    expect(await finished(api, { id, token })).toMatchObject({
      status: 'COMPLETED',
      completed_file_count: FILES,
      failed_file_count: 0,
    });
    expect(await aws.environment.countVectors()).toBe(FILES * PARTS);
  });
});

function finished(api: SpawnedRuntime, ingest: { id: string; token: string }) {
  return until(async () => {
    const read = await readIngest(api, ingest);
    return read.status !== 'STARTED' && read;
  }, 200_000);
}

/** The administration knows the services of other tasks, and those that have gone. */
async function expectHealthOfAll(
  environment: AwsEnvironment,
  prompts: SpawnedRuntime,
) {
  const admin = await environment.spawn({
    args: ['--services', 'administration'],
  });
  const health = async () => {
    const path = '/admin/platform/services/health';
    const found = await get<Array<{ service_name: string; status: string }>>(
      admin,
      path,
      admin.controlKey,
    );
    return found
      .map(({ service_name: name, status }) => `${name} ${status}`)
      .sort();
  };
  expect(await health()).toEqual([
    'administration healthy',
    'document-processing healthy',
    'mcp healthy',
    'prompt-management healthy',
    'vectorization healthy',
  ]);
  prompts.kill('SIGTERM');
  await prompts.exited;
  expect(await health()).not.toContain('prompt-management healthy');
}
