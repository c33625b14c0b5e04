import { applicationSpec } from './testing/applications';
import { AwsEnvironment } from './testing/AwsEnvironment';
import { removeDirectories } from './testing/directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { TaskCredentials } from './testing/TaskCredentials';
import { until } from './testing/until';

jest.setTimeout(240_000);

const TOPICS = ['boats', 'bridges', 'cats', 'invoices', 'gardens', 'planets'];
const FILES = TOPICS.length;
const PARTS = 4;

type Ingest = {
  ingest_id: string;
  status: string;
  completed_file_count: number;
  failed_file_count: number;
  files: Array<{ file_name: string; status: string; reason?: string }>;
};

/** The bundle, as tasks of ECS run it, on emulators of what it uses. */
describe('a runtime on AWS', () => {
  let environment: AwsEnvironment;

  beforeAll(() => buildRuntime(), 180_000);
  beforeEach(async () => {
    environment = await AwsEnvironment.create();
  });
  afterEach(async () => {
    await killSpawnedRuntimes();
    await environment.tearDown();
    await removeDirectories();
  });

  const spawnApi = () =>
    environment.spawn({ args: ['--services', 'all', '--workers', 'none'] });
  const spawnWorker = () =>
    environment.spawn({ args: ['--services', '', '--workers', 'all'] });

  async function post<T = any>(
    { client }: SpawnedRuntime,
    path: string,
    options: { token: string; body?: unknown },
  ): Promise<T> {
    const answer = await client.post(path, options.token, options.body ?? {});
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
  async function get<T = any>(
    { client }: SpawnedRuntime,
    path: string,
    token: string,
  ): Promise<T> {
    const answer = await client.fetch(path, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  describe('with two tasks', () => {
    let one: SpawnedRuntime;
    let two: SpawnedRuntime;
    let token: string;
    let clientId: string;

    beforeEach(async () => {
      [one, two] = await Promise.all([spawnApi(), spawnApi()]);
      ({ token, clientId } = await environment.createApplication());
    });

    it('keeps prompts, models, usage and applications in one place', async () => {
      await post(one, '/prompt/template/save', {
        token,
        body: { name: 'greet', prompt_template: 'Hello {who}' },
      });
      expect(
        await post(two, '/prompt/template/get', {
          token,
          body: { name: 'greet' },
        }),
      ).toMatchObject({ version: 1, prompt_template: 'Hello {who}' });

      expect(
        await post(one, '/model/invoke', {
          token,
          body: {
            model_name: 'fast',
            prompt_template: { name: 'greet', variables: { who: 'you' } },
          },
        }),
      ).toMatchObject({ output_text: 'Boats sail by.' });
      const [{ body }] = environment.bedrock.received.filter(
        ({ method }) => method === 'POST',
      );
      expect(JSON.stringify(body)).toContain('Hello you');

      const usage = await until(async () => {
        const answer = await two.client.post(
          '/admin/metrics/invocations',
          two.controlKey,
          { app_id: clientId },
        );
        const { items } = (await answer.json()) as { items: any };
        return items.nova && items;
      }, 20_000);
      expect(usage).toMatchObject({
        nova: { total_count: 1, status_counts: { SUCCESS: 1 } },
      });
    });

    it('answers an asynchronous invocation of another task', async () => {
      const { invocation_id: id } = await post(one, '/model/async_invoke', {
        token,
        body: { model_name: 'nova', prompt: 'Hi' },
      });
      const answer = await until(async () => {
        const output = await two.client.fetch(`/model/async_output/${id}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return output.ok && output;
      }, 20_000);
      expect(await answer.json()).toMatchObject({
        output_text: 'Boats sail by.',
      });
    });

    it('takes over the asynchronous invocation of a task that was killed', async () => {
      const { bedrock } = environment;
      const behave = bedrock.behave;
      const asked = new Promise<void>(resolve => {
        bedrock.behave = () => resolve();
      });
      const { invocation_id: id } = await post(one, '/model/async_invoke', {
        token,
        body: { model_name: 'nova', prompt: 'Hi' },
      });
      await asked;
      bedrock.behave = behave;
      one.kill('SIGKILL');
      await one.exited;
      // The lease of the killed task has to pass first.
      const answer = await until(async () => {
        const output = await two.client.fetch(`/model/async_output/${id}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return output.ok && output;
      }, 90_000);
      expect(await answer.json()).toMatchObject({
        output_text: 'Boats sail by.',
      });
    });

    it('shuts an application out that is deactivated, in every task', async () => {
      await get(two, '/prompt/template/list', token);
      const made = await post(one, '/admin/platform/create_app_client', {
        token: one.controlKey,
        body: { app_name: 'Made here', description: 'By the administration' },
      });
      const own = await environment.token({
        clientId: made.client_id,
        secret: made.client_secret,
      });
      await until(async () => {
        const answer = await two.client.fetch('/prompt/template/list', {
          headers: { authorization: `Bearer ${own}` },
        });
        return answer.ok;
      }, 20_000);
      await post(one, '/admin/platform/deactivate_app_client', {
        token: one.controlKey,
        body: { app_id: made.client_id },
      });
      const refused = await until(async () => {
        const answer = await two.client.fetch('/prompt/template/list', {
          headers: { authorization: `Bearer ${own}` },
        });
        return !answer.ok && answer;
      }, 30_000);
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({
        code: 'application_disabled',
      });
      await told(one, clientId);
      const listed = await get(
        two,
        '/admin/platform/get_all_app_clients',
        two.controlKey,
      );
      expect(listed).toContainEqual(
        expect.objectContaining({
          app_id: made.client_id,
          status: 'inactive',
          app_user_pool_id: environment.pool.userPoolId,
        }),
      );
    });
  });

  /** The portal tells what it decides, as it does on a laptop, but for secrets. */
  async function told({ client }: SpawnedRuntime, clientId: string) {
    const spec = applicationSpec('unused', { secrets: [], revision: 7 });
    const path = `/applications/${clientId}`;
    const put = (body: object) => client.control(path, 'PUT', body);
    expect((await put(applicationSpec('a secret'))).status).toBe(400);
    expect((await put({ ...spec, kind: 'project-app' })).status).toBe(400);
    expect((await put(spec)).status).toBe(200);
    await until(async () => {
      const { applications } = await client.status();
      return applications.some(each => each.revision === 7);
    });
  }

  describe('with documents', () => {
    async function createIndex(api: SpawnedRuntime, token: string) {
      const store = await post(api, '/vector/store/create', {
        token,
        body: { store_name: 'docs', store_type: 's3vectors' },
      });
      const index = await post(api, '/vector/store/index/create', {
        token,
        body: { store_id: store.store_id, index_name: 'docs' },
      });
      return index.index_id as string;
    }

    async function startIngest(
      api: SpawnedRuntime,
      { token, index }: { token: string; index: string },
    ) {
      const form = new FormData();
      form.append('index_id', index);
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
      const { ingest_id: ingestId, files } = (await answer.json()) as Ingest;
      return { ingestId, accepted: files };
    }

    const finished = (api: SpawnedRuntime, id: string, token: string) =>
      until(async () => {
        const ingest = await get<Ingest>(api, `/document/ingest/${id}`, token);
        return ingest.status !== 'STARTED' && ingest;
      }, 200_000);

    it('reads, cuts, embeds and finds them, each once with two workers', async () => {
      const [api] = await Promise.all([
        spawnApi(),
        spawnWorker(),
        spawnWorker(),
      ]);
      const { token, clientId } = await environment.createApplication();
      const index = await createIndex(api, token);
      const { ingestId } = await startIngest(api, { token, index });
      expect(await finished(api, ingestId, token)).toMatchObject({
        status: 'COMPLETED',
        completed_file_count: FILES,
        failed_file_count: 0,
      });
      expect(await environment.countVectors()).toBe(FILES * PARTS);
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
        ['document-processing', 'vectorization', 'prompt-management'].map(
          name => environment.spawn({ args: ['--services', name] }),
        ),
      );
      const { token } = await environment.createApplication();
      const index = await createIndex(vectors, token);
      const { ingestId } = await startIngest(documents, { token, index });
      expect(await finished(documents, ingestId, token)).toMatchObject({
        status: 'COMPLETED',
        completed_file_count: FILES,
      });
      expect(await environment.countVectors()).toBe(FILES * PARTS);
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
      await expectHealthOfAll(prompts);
      const elsewhere = await vectors.client.post(
        '/prompt/template/get',
        token,
        {},
      );
      expect(elsewhere.status).toBe(404);
    });

    /** The administration knows the services of other tasks, and those that have gone. */
    async function expectHealthOfAll(prompts: SpawnedRuntime) {
      const admin = await environment.spawn({
        args: ['--services', 'administration'],
      });
      const health = async () => {
        const path = '/admin/platform/services/health';
        const found = await get<
          Array<{ service_name: string; status: string }>
        >(admin, path, admin.controlKey);
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

    it('loses nothing when workers are killed at work', async () => {
      const api = await spawnApi();
      const { token } = await environment.createApplication();
      const index = await createIndex(api, token);
      const { ingestId, accepted } = await startIngest(api, { token, index });
      const worker = await spawnWorker();
      await until(async () => {
        const path = `/document/ingest/${ingestId}`;
        const { files } = await get<Ingest>(api, path, token);
        return files.some(({ status }, no) => status !== accepted[no].status);
      }, 60_000);
      worker.kill('SIGKILL');
      await worker.exited;
      await Promise.all([spawnWorker(), spawnWorker()]);
      expect(await finished(api, ingestId, token)).toMatchObject({
        status: 'COMPLETED',
        completed_file_count: FILES,
        failed_file_count: 0,
      });
      expect(await environment.countVectors()).toBe(FILES * PARTS);
    });
  });

  it('works as the role of its task', async () => {
    const credentials = await TaskCredentials.start();
    const runtime = await environment.spawn({
      args: ['--services', 'prompt-management'],
      env: credentials.variables,
    });
    const { token } = await environment.createApplication();
    expect(await get(runtime, '/prompt/template/list', token)).toEqual({});
    expect(credentials.asked).toBeGreaterThan(0);
    await credentials.stop();
  });

  it('says what is wrong when a resource is gone, and ends in order', async () => {
    const runtime = await environment.spawn({
      args: ['--services', 'document-processing,prompt-management'],
    });
    const health = (service: string) =>
      runtime.client.fetch(`/${service}/service/health`);
    expect((await health('document')).status).toBe(200);
    await environment.deleteQueue('chunking');
    const down = await until(async () => {
      const answer = await health('document');
      return answer.status === 503 && answer;
    }, 20_000);
    expect(await down.json()).toMatchObject({
      status: 'DOWN',
      reason: expect.stringContaining('Queue of chunking'),
    });
    expect((await health('prompt')).status).toBe(200);
    runtime.kill('SIGTERM');
    expect(await runtime.exited).toMatchObject({ code: 0, stderr: '' });
  });

  it('does not start without its table, and says why', async () => {
    const runtime = await SpawnedRuntime.spawn({
      args: ['--services', 'all'],
      env: { GENAI_PLATFORM: 'aws', AWS_REGION: 'us-east-1' },
    });
    const { code, stderr } = await runtime.exited;
    expect(code).toBe(78);
    expect(stderr).toContain('GENAI_TABLE is missing; set it to');
  });
});

/** Paragraphs of which no two fit into a chunk of 400 characters. */
function textOf(no: number): string {
  return Array.from({ length: PARTS }, (_, part) =>
    `Part ${part} tells of ${TOPICS[no]}. `.repeat(12).trim(),
  ).join('\n\n');
}
