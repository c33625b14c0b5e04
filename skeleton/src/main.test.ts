import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeEnvironment } from './testing/fakeEnvironment.ts';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
let environment: FakeEnvironment;
before(async () => {
  environment = await FakeEnvironment.start();
});
after(() => environment.stop());

function start(variables: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [entry], {
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function untilListening(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const entryOfLog = JSON.parse(line) as { msg: string; port: number };
    if (entryOfLog.msg === 'listening') return entryOfLog.port;
  }
  throw new Error('The app ended before it listened.');
}

test('serves as its own process, and stops when it is told to', async () => {
  const app = start(environment.variables);
  const port = await untilListening(app.stdout!);
  const health = await fetch(`http://127.0.0.1:${port}/app/health`);
  assert.equal(health.status, 200);
  app.kill('SIGTERM');
  assert.deepEqual(await once(app, 'exit'), [0, null]);
});

test('refuses to start without its variables, and names them', async () => {
  const app = start({ ...environment.variables, GENAI_CLIENT_SECRET: '' });
  const said = app.stderr!.setEncoding('utf8').toArray();
  assert.deepEqual(await once(app, 'exit'), [78, null]);
  assert.match((await said).join(''), /Set GENAI_CLIENT_SECRET/);
});

test('refuses a port that is taken', async () => {
  const { port } = new URL(environment.endpoint);
  const app = start({ ...environment.variables, PORT: port });
  assert.deepEqual(await once(app, 'exit'), [75, null]);
});
