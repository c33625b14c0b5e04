// Runs the tests of the AWS adapters (*.aws.test.ts) against an emulator: moto, of PyPI.
//
//   npm run test:aws [-- pattern]
//
// Needs Python 3 with venv. The emulator lives below node_modules/.cache, listens on a free
// loopback port, and ends with the run. Tests find it by GENAI_TEST_AWS_ENDPOINT.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MOTO_VERSION = '5.1.18';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VENV = join(ROOT, `node_modules/.cache/moto-${MOTO_VERSION}`);
const START_TIMEOUT_MS = 60_000;

process.exitCode = await main().catch(error => {
  console.error(`test:aws: ${error.message}`);
  return 1;
});

async function main() {
  install();
  const port = await freePort();
  const server = spawn(
    join(VENV, 'bin/python'),
    [join(ROOT, 'scripts/emulator/serve.py'), String(port)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    await ready(server, port);
    console.log(`moto ${MOTO_VERSION} on 127.0.0.1:${port}`);
    return await runTests(`http://127.0.0.1:${port}`);
  } finally {
    await stop(server);
  }
}

/** The mark comes last, so that an installation that broke off is done anew. */
function install() {
  const mark = join(VENV, 'installed');
  if (existsSync(mark)) return;
  rmSync(VENV, { recursive: true, force: true });
  const options = { stdio: ['ignore', 'inherit', 'inherit'] };
  execFileSync('python3', ['-m', 'venv', VENV], options);
  execFileSync(
    join(VENV, 'bin/pip'),
    [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `moto[server]==${MOTO_VERSION}`,
    ],
    options,
  );
  execFileSync(join(VENV, 'bin/python'), [
    '-c',
    `open(${JSON.stringify(mark)}, 'w').close()`,
  ]);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

async function ready(server, port) {
  let log = '';
  server.stderr.setEncoding('utf8').on('data', text => {
    log = (log + text).slice(-5000);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`moto did not start:\n${log}`);
    }
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await delay(100);
  }
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await exited;
}

async function runTests(endpoint) {
  const cli = createRequire(import.meta.url).resolve(
    '@backstage/cli/bin/backstage-cli',
  );
  const tests = spawn(
    process.execPath,
    [
      cli,
      'repo',
      'test',
      '--no-watch',
      '--maxWorkers=2',
      '--testTimeout=60000',
      `${process.argv[2] ?? ''}.*\\.aws\\.test\\.ts$`,
      // In place of the pattern in package.json that keeps these tests out of npm test.
      '--testPathIgnorePatterns=/node_modules/',
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        CI: 'true',
        GENAI_TEST_AWS_ENDPOINT: endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SESSION_TOKEN: '',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => tests.kill(signal));
  }
  const [code] = await once(tests, 'exit');
  return code ?? 1;
}
