import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { applicationSpec } from './testing/applications';
import { makeAppDirectory, removeDirectories } from './testing/directories';
import { SlowModelServer } from './testing/SlowModelServer';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { startApp } from './testing/startApp';
import { TEST_APP } from './testing/testApp';
import { isAlive, until } from './testing/until';

const SECRET = 'a-secret-of-an-application';

jest.setTimeout(30_000);

describe('end of the process', () => {
  beforeAll(() => buildRuntime());

  afterEach(async () => {
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  const ends: Array<[string, (runtime: SpawnedRuntime) => unknown]> = [
    ['SIGTERM', runtime => runtime.kill('SIGTERM')],
    ['SIGINT', runtime => runtime.kill('SIGINT')],
    [
      'POST /control/shutdown',
      runtime => runtime.client.control('/shutdown', 'POST'),
    ],
  ];
  it.each(ends)('%s lets a request in flight end', async (_how, end) => {
    const server = new SlowModelServer();
    const runtime = await SpawnedRuntime.spawn({
      env: {
        GENAI_MODELS: '["slow"]',
        GENAI_UPSTREAMS: await server.listen(),
      },
    }).then(r => r.listening());
    const { client } = runtime;
    await client.putApplication('app-1', applicationSpec(SECRET));
    const token = await client.token('app-1', SECRET);

    const pending = client.post('/model/invoke', token, {
      model_name: 'slow',
      prompt: 'Hello',
    });
    await server.asked();
    await end(runtime);
    await until(() => isRefused(client.url));
    await server.answer();

    const response = await pending;
    expect(response.status).toBe(200);
    expect((await response.json()).output_text).toBe('late');
    expect((await runtime.exited).code).toBe(0);
    server.close();
  });

  it('obeys a signal that comes while it starts', async () => {
    const runtime = await SpawnedRuntime.spawn();
    const hasBegun = () =>
      readdirSync(runtime.dataDirectory).some(name => name.includes('.sqlite'));
    await until(hasBegun);
    runtime.kill('SIGTERM');
    expect(await runtime.exited).toMatchObject({ code: 0, signal: null });
  });

  it('obeys the provisioner from the first moment that it answers', async () => {
    const runtime = await SpawnedRuntime.spawn();
    const ask = () =>
      runtime.client.control('/shutdown', 'POST').then(
        ({ status }) => status === 202,
        () => false,
      );
    while (!(await ask())) await setImmediate();
    expect(await runtime.exited).toMatchObject({ code: 0, signal: null });
    expect(readdirSync(runtime.dataDirectory)).not.toContain('runtime.json');
  });

  it('takes the app along even when it is killed without a word', async () => {
    const appDirectory = await makeAppDirectory(TEST_APP);
    const runtime = await SpawnedRuntime.spawn({
      env: { GENAI_APP_DIRECTORY: appDirectory },
    }).then(r => r.listening());
    const appPid = await startApp(runtime);
    runtime.kill('SIGKILL');
    await until(() => !isAlive(appPid), 2000);
    expect(isAlive(appPid)).toBe(false);
  });

  it('takes the app along even when that ignores SIGTERM', async () => {
    const appDirectory = await makeAppDirectory(
      `process.on('SIGTERM', () => {});\n${TEST_APP}`,
    );
    const runtime = await SpawnedRuntime.spawn({
      env: { GENAI_APP_DIRECTORY: appDirectory },
    }).then(r => r.listening());
    const appPid = await startApp(runtime);
    runtime.kill('SIGKILL');
    await until(() => !isAlive(appPid), 2000);
    expect(isAlive(appPid)).toBe(false);
  });
});

/** Whether nobody listens there any more. */
function isRefused(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}
