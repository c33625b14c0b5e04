/**
 * The workspace that a project gets with the source of the services, in an empty folder:
 * everything that its README and its workflow promise. Takes minutes, and needs a registry
 * of npm.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../e2e/support/freePort';
import { runBuildStage } from './support/dockerfile';
import { environmentOfProject } from './support/environment';
import { CHOSEN, createProject } from './support/project';

const NPM_TIMEOUT_MS = 20 * 60_000;
const CONTROL_KEY = 'k'.repeat(40);
/** The runtime refuses to start without its variables. */
const EX_CONFIG = 78;

describe('the workspace of own services', () => {
  const directory = mkdtempSync(join(tmpdir(), 'genai-own-services-'));
  let project: Awaited<ReturnType<typeof createProject>>;

  before(async () => {
    project = await createProject(directory);
  });

  after(() => rmSync(directory, { recursive: true, force: true }));

  function npm(...args: string[]): void {
    try {
      execFileSync('npm', args, {
        cwd: project.services,
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 1e8,
        timeout: NPM_TIMEOUT_MS,
        env: { ...environmentOfProject(), CI: 'true' },
      });
    } catch (error) {
      // What they find wrong is on their standard output.
      process.stderr.write((error as { stdout: Buffer }).stdout);
      throw error;
    }
  }

  it('installs exactly what its lock file says', () => {
    npm('ci', '--no-audit', '--no-fund');
    assert.ok(existsSync(join(project.services, 'node_modules/fastify')));
    npm('ls', '--all');
    const lockFile = join(project.services, 'package-lock.json');
    const generated = readFileSync(lockFile, 'utf8');
    npm('install', '--package-lock-only', '--no-audit', '--no-fund');
    assert.equal(readFileSync(lockFile, 'utf8'), generated);
  });

  it('is free of type errors', () => npm('run', 'typecheck'));

  it('passes its tests', () => npm('test'));

  it('builds a runtime that starts, answers and says whose it is', async () => {
    npm('run', 'build');
    await startAndLook({
      directory,
      entry: join(project.services, 'runtime/dist/runtime.cjs'),
    });
  });

  it('builds the same by the steps of its Dockerfile', async () => {
    const root = join(directory, 'image');
    const stage = runBuildStage({
      context: project.services,
      dockerfile: 'runtime/Dockerfile',
      root,
    });
    assert.ok(!existsSync(join(stage, 'node_modules/typescript')));
    await startAndLook({
      directory,
      entry: join(stage, 'runtime/dist/runtime.cjs'),
    });
  });

  it('ends at once without its variables, as its workflow expects', async () => {
    const entry = join(project.services, 'runtime/dist/runtime.cjs');
    const child = spawn(process.execPath, [entry], {
      env: {},
      stdio: 'ignore',
    });
    const [code] = await once(child, 'exit');
    assert.equal(code, EX_CONFIG);
  });
});

async function startAndLook(options: { directory: string; entry: string }) {
  const data = join(options.directory, 'data');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(data, 'environment.json'), '{}');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [options.entry, '--services', CHOSEN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      GENAI_ENVIRONMENT_NAME: 'orders',
      GENAI_ENVIRONMENT_UID: 'orders-1',
      GENAI_DATA_DIRECTORY: data,
      GENAI_PORT: String(port),
      GENAI_MODELS: '["local.extractive"]',
      GENAI_CONTROL_KEY: CONTROL_KEY,
    },
  });
  const exit = once(child, 'exit');
  try {
    await untilLogged(child.stdout, 'The runtime listens');
    const answer = await fetch(url);
    const { environment, source } = (await answer.json()) as {
      environment: string;
      source: string;
    };
    assert.deepEqual([environment, source], ['orders', 'own']);
    for (const prefix of ['model', 'prompt']) {
      const health = await fetch(`${url}/${prefix}/service/health`);
      assert.deepEqual(await health.json(), { status: 'UP' });
    }
    assert.equal((await fetch(`${url}/vector/service/health`)).status, 404);
  } finally {
    child.kill('SIGTERM');
  }
  assert.deepEqual(await exit, [0, null]);
}

/** Reads a log, and goes on reading so that its writer never waits. */
async function untilLogged(log: Readable, text: string): Promise<void> {
  const lines = createInterface({ input: log });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', line => line.includes(text) && resolve());
    lines.on('close', () => reject(new Error(`It ended without: ${text}`)));
  });
}
