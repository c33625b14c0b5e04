import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_TIMEOUT_MS = 20_000;
const RETRY_MS = 50;

/**
 * The OpenAPI document of a runtime with all services, asked of the runtime itself.
 *
 * @throws Error with what the runtime said when it does not start
 */
export async function readRuntimeOpenApi(options: {
  /** The bundle. */
  entry: string;
}): Promise<unknown> {
  const directory = await mkdtemp(join(tmpdir(), 'genai-routes-'));
  await writeFile(join(directory, 'environment.json'), '{}');
  const port = await findFreePort();
  const runtime = spawn(process.execPath, [options.entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      GENAI_ENVIRONMENT_NAME: 'routes',
      GENAI_ENVIRONMENT_UID: 'routes',
      GENAI_DATA_DIRECTORY: directory,
      GENAI_PORT: String(port),
      GENAI_MODELS: '["local.extractive","local.embedding"]',
      GENAI_CONTROL_KEY: randomBytes(32).toString('hex'),
    },
  });
  let log = '';
  runtime.stdout.on('data', chunk => (log += chunk));
  runtime.stderr.on('data', chunk => (log += chunk));
  const exited = once(runtime, 'exit');
  try {
    return await ask(`http://127.0.0.1:${port}/openapi.json`, () => {
      if (runtime.exitCode !== null) {
        throw new Error(`The runtime does not start:\n${log}`);
      }
    });
  } finally {
    runtime.kill('SIGKILL');
    await exited;
    await rm(directory, { recursive: true, force: true });
  }
}

/** Asks until there is an answer; `check` throws when there will be none. */
async function ask(url: string, check: () => void): Promise<unknown> {
  const deadline = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    check();
    deadline.throwIfAborted();
    const answer = await fetch(url, { signal: deadline }).catch(
      () => undefined,
    );
    if (answer?.ok) return answer.json();
    await new Promise(resolve => setTimeout(resolve, RETRY_MS));
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
