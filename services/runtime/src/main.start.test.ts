import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { join } from 'node:path';
import { makeDirectory, removeDirectories } from './testing/directories';
import {
  buildRuntime,
  killSpawnedRuntimes,
  SpawnedRuntime,
} from './testing/spawnRuntime';

jest.setTimeout(30_000);

describe('start of the process', () => {
  beforeAll(() => buildRuntime());

  afterEach(async () => {
    await killSpawnedRuntimes();
    await removeDirectories();
  });

  it.each([
    'GENAI_ENVIRONMENT_NAME',
    'GENAI_ENVIRONMENT_UID',
    'GENAI_PORT',
    'GENAI_MODELS',
    'GENAI_CONTROL_KEY',
  ])('ends with 78 and names %s when it is missing', async variable => {
    const runtime = await SpawnedRuntime.spawn({
      env: { [variable]: undefined },
    });
    const exit = await runtime.exited;
    expect(exit.code).toBe(78);
    expect(exit.stderr).toContain(`${variable} is missing`);
  });

  it('names what is malformed but never quotes it', async () => {
    const runtime = await SpawnedRuntime.spawn({
      env: {
        GENAI_CONTROL_KEY: 'short-secret-key',
        GENAI_UPSTREAMS: '[{"apiKey":"sk-very-secret",]',
      },
    });
    const exit = await runtime.exited;
    expect(exit.code).toBe(78);
    expect(exit.stderr).toContain('GENAI_CONTROL_KEY');
    expect(exit.stderr).toContain('GENAI_UPSTREAMS');
    expect(exit.stderr).not.toContain('short-secret-key');
    expect(exit.stderr).not.toContain('sk-very-secret');
  });

  it('refuses a service it does not have, by name', async () => {
    const runtime = await SpawnedRuntime.spawn({
      args: ['--services', 'model-invocation,telepathy'],
    });
    const exit = await runtime.exited;
    expect(exit.code).toBe(78);
    expect(exit.stderr).toContain('"telepathy"');
    expect(exit.stderr).not.toContain('"model-invocation"');
  });

  it('refuses a directory that no provisioner marked, and makes none', async () => {
    const unmarked = await makeDirectory();
    const missing = join(unmarked, 'missing');
    for (const dataDirectory of [unmarked, missing]) {
      const runtime = await SpawnedRuntime.spawn({
        env: { GENAI_DATA_DIRECTORY: dataDirectory },
      });
      const exit = await runtime.exited;
      expect(exit.code).toBe(78);
      expect(exit.stderr).toContain('GENAI_DATA_DIRECTORY');
    }
    expect(existsSync(missing)).toBe(false);
  });

  it('ends with 75 when the port is taken, and leaves no runtime.json', async () => {
    const other: Server = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as { port: number };
      const runtime = await SpawnedRuntime.spawn({
        env: { GENAI_PORT: String(port) },
      });
      const exit = await runtime.exited;
      expect(exit.code).toBe(75);
      expect(exit.stderr).toContain(`Port ${port}`);
      expect(await readdir(runtime.dataDirectory)).not.toContain(
        'runtime.json',
      );
    } finally {
      other.close();
    }
  });

  it('writes runtime.json for its owner only and removes it at the end', async () => {
    const runtime = await SpawnedRuntime.spawn().then(r => r.listening());
    const path = join(runtime.dataDirectory, 'runtime.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
      pid: runtime.child.pid,
      port: runtime.port,
      uid: 'uid-1',
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      version: expect.any(String),
    });
    for (const name of await readdir(runtime.dataDirectory)) {
      if (name === 'environment.json') continue;
      const { mode } = await stat(join(runtime.dataDirectory, name));
      expect([name, mode & 0o077]).toEqual([name, 0]);
    }
    runtime.kill('SIGTERM');
    expect((await runtime.exited).code).toBe(0);
    expect(existsSync(path)).toBe(false);
  });
});
