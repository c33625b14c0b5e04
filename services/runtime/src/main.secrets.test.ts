import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applicationSpec } from './testing/applications';
import { makeAppDirectory, removeDirectories } from './testing/directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { startApp } from './testing/startApp';
import { TEST_APP } from './testing/testApp';

const SECRET = 'the-secret-that-must-not-be-found-anywhere';

jest.setTimeout(30_000);

describe('secrets of the process', () => {
  beforeAll(() => buildRuntime());

  afterEach(async () => {
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  it('a token of one is worthless at the other, whose application has the same id', async () => {
    const [one, two] = await Promise.all(
      ['uid-1', 'uid-2'].map(uid =>
        SpawnedRuntime.spawn({ env: { GENAI_ENVIRONMENT_UID: uid } }).then(
          runtime => runtime.listening(),
        ),
      ),
    );
    for (const { client } of [one, two]) {
      await client.putApplication('app-1', applicationSpec(SECRET));
    }
    const token = await one.client.token('app-1', SECRET);
    const list = (runtime: SpawnedRuntime) =>
      runtime.client.fetch('/model/list_models', {
        headers: { authorization: `Bearer ${token}` },
      });
    expect((await list(one)).status).toBe(200);
    expect((await list(two)).status).toBe(401);
  });

  it('leaves no secret in any file of its directory, nor in its output', async () => {
    const appDirectory = await makeAppDirectory(TEST_APP);
    const runtime = await SpawnedRuntime.spawn({
      env: {
        GENAI_APP_DIRECTORY: appDirectory,
        GENAI_LOG_LEVEL: 'trace',
        GENAI_UPSTREAMS: JSON.stringify([
          {
            id: 'stub',
            baseUrl: 'http://127.0.0.1:9/v1',
            apiKey: 'sk-upstream-key-to-look-for',
            models: [{ id: 'unreachable', kind: 'text' }],
          },
        ]),
        GENAI_MODELS: '["local.extractive","unreachable"]',
      },
    }).then(r => r.listening());
    const { client } = runtime;
    await startApp(runtime);
    await client.putApplication('app-1', applicationSpec(SECRET));
    await client.requestToken('app-1', `${SECRET}-wrong`);
    const token = await client.token('app-1', SECRET);
    const invoke = (model: string) =>
      client.post('/model/invoke', token, {
        model_name: model,
        prompt: 'a-question-that-nobody-shall-read-again',
      });
    expect((await invoke('local.extractive')).status).toBe(200);
    expect((await invoke('unreachable')).status).toBeGreaterThanOrEqual(500);
    const { env } = await (await client.fetch('/app/environment')).json();

    const secrets = [
      SECRET,
      token,
      env.GENAI_CLIENT_SECRET,
      env.GENAI_CONTROL_KEY,
      'sk-upstream-key-to-look-for',
      'a-question-that-nobody-shall-read-again',
    ].filter(Boolean);
    expect(secrets).toHaveLength(5);
    const found = async () => {
      const names = await readdir(runtime.dataDirectory);
      expect(names).toEqual(
        expect.arrayContaining(['applications.db', 'app.log']),
      );
      const files = await Promise.all(
        names.map(async name => ({
          name,
          bytes: await readFile(join(runtime.dataDirectory, name)),
        })),
      );
      return files.flatMap(({ name, bytes }) =>
        secrets.filter(secret => bytes.includes(secret)).map(() => name),
      );
    };
    expect(await found()).toEqual([]);
    runtime.kill('SIGTERM');
    const { stdout, stderr } = await runtime.exited;
    expect(await found()).toEqual([]);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  });
});
