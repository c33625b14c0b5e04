import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  makeAppDirectory,
  makeDirectory,
  removeDirectories,
} from './testing/directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';
import { startApp } from './testing/startApp';
import { TEST_APP } from './testing/testApp';
import { isAlive, until } from './testing/until';

jest.setTimeout(30_000);

describe('fence of the process', () => {
  beforeAll(() => buildRuntime());

  afterEach(async () => {
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  it('stops when environment.json disappears', async () => {
    const appDirectory = await makeAppDirectory(TEST_APP);
    const runtime = await SpawnedRuntime.spawn({
      env: { GENAI_APP_DIRECTORY: appDirectory },
    }).then(r => r.listening());
    const appPid = await startApp(runtime);
    // Not even a request in flight holds it up.
    const streaming = await runtime.client.fetch('/app/forever');

    await rm(join(runtime.dataDirectory, 'environment.json'));
    const exit = await runtime.exited;
    expect(exit.code).toBe(0);
    expect(exit.stdout).toContain('environment.json is gone');
    await expect(streaming.text()).rejects.toThrow();
    await until(() => !isAlive(appPid));
  });

  it('stops when the whole directory disappears, and does not bring it back', async () => {
    const runtime = await SpawnedRuntime.spawn().then(r => r.listening());
    await rm(runtime.dataDirectory, { recursive: true });
    const exit = await runtime.exited;
    expect(exit.code).toBe(0);
    expect(exit.stdout).toContain('The data directory is gone');
    expect(existsSync(runtime.dataDirectory)).toBe(false);
  });

  it('stops when another environment takes the place of its directory', async () => {
    const runtime = await SpawnedRuntime.spawn().then(r => r.listening());
    const moved = `${await makeDirectory()}/moved`;
    await rename(runtime.dataDirectory, moved);
    await mkdir(runtime.dataDirectory);
    await writeFile(join(runtime.dataDirectory, 'environment.json'), '{}');
    const exit = await runtime.exited;
    expect(exit.code).toBe(0);
    expect(exit.stdout).toContain('replaced');
  });

  it('gives way to a runtime that took the directory over', async () => {
    const first = await SpawnedRuntime.spawn().then(r => r.listening());
    const second = await SpawnedRuntime.spawn({
      env: { GENAI_DATA_DIRECTORY: first.dataDirectory },
    }).then(r => r.listening());
    expect((await first.exited).code).toBe(0);
    const file = join(first.dataDirectory, 'runtime.json');
    expect(JSON.parse(await readFile(file, 'utf8')).pid).toBe(second.child.pid);
    expect(await second.client.status()).toMatchObject({ uid: 'uid-1' });
  });
});
