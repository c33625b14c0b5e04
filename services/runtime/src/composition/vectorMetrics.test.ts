import { applicationSpec } from '../testing/applications';
import { removeDirectories } from '../testing/directories';
import { buildRuntime } from '../testing/spawnRuntime';
import {
  closeTestRuntimes,
  startTestRuntime,
  type TestRuntime,
} from '../testing/startTestRuntime';
import { until } from '../testing/until';

const SECRET = 'a-secret-of-an-application';

describe('metrics of vectors', () => {
  let runtime: TestRuntime;
  let token: string;

  beforeAll(() => buildRuntime(), 120_000);
  beforeEach(async () => {
    runtime = await startTestRuntime();
    await runtime.putApplication('app-1', applicationSpec(SECRET));
    await runtime.putApplication('app-2', applicationSpec(SECRET));
    token = await runtime.token('app-1', SECRET);
  });
  afterEach(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  async function post(path: string, body: unknown): Promise<any> {
    const answer = await runtime.post(path, token, body);
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  /** As the portal asks for them. */
  async function metrics(kind: string, body: unknown) {
    const { config } = runtime;
    const path = `/admin/metrics/${kind}`;
    const answer = await runtime.post(path, config.controlKey, body);
    return { status: answer.status, json: (await answer.json()) as any };
  }

  /** Two files become findable. */
  async function ingest(indexId: string): Promise<void> {
    const form = new FormData();
    form.append('index_id', indexId);
    for (const name of ['a.txt', 'b.txt']) {
      form.append('files', new Blob([`The text of ${name}.`]), name);
    }
    const headers = { authorization: `Bearer ${token}` };
    const started = await runtime.fetch('/document/ingest', {
      method: 'POST',
      headers,
      body: form,
    });
    const { ingest_id: id } = (await started.json()) as { ingest_id: string };
    const status = async () => {
      const answer = await runtime.fetch(`/document/ingest/${id}`, { headers });
      return ((await answer.json()) as { status: string }).status;
    };
    await until(async () => (await status()) !== 'STARTED');
    expect(await status()).toBe('COMPLETED');
  }

  it('count what an application made and did', async () => {
    const { store_id: storeId } = await post('/vector/store/create', {
      store_name: 'docs',
      store_type: 'local',
    });
    const { index_id: indexId } = await post('/vector/store/index/create', {
      store_id: storeId,
      index_name: 'handbook',
    });
    await ingest(indexId);

    expect(await metrics('vector-stores', { app_id: 'app-1' })).toMatchObject({
      status: 200,
      json: {
        items: [
          {
            vector_store_id: storeId,
            store_name: 'docs',
            app_id: 'app-1',
            store_type: 'local',
          },
        ],
        last_evaluated_key: null,
      },
    });
    expect(
      (await metrics('vector-indexes', { vector_store_id: storeId })).json
        .items,
    ).toMatchObject([
      {
        index_id: indexId,
        vector_store_id: storeId,
        index_name: 'handbook',
      },
    ]);
    expect(await metrics('vectorization-jobs', { app_id: 'app-1' })).toEqual({
      status: 200,
      json: {
        items: {
          COMPLETED: {
            total_count: 1,
            total_completed_files: 2,
            total_total_files: 2,
            total_failed_files: 0,
          },
        },
        last_evaluated_key: null,
      },
    });
  }, 30_000);

  it('hold nothing of other applications, and know no store that is not there', async () => {
    await post('/vector/store/create', {
      store_name: 'docs',
      store_type: 'local',
    });
    const theirs = { app_id: 'app-2' };
    expect((await metrics('vector-stores', theirs)).json.items).toEqual([]);
    expect((await metrics('vectorization-jobs', theirs)).json.items).toEqual(
      {},
    );
    expect(
      await metrics('vector-indexes', { vector_store_id: 'none' }),
    ).toMatchObject({
      status: 404,
      json: { code: 'vector_store_not_found' },
    });
  });
});
