// Takes environments through their whole life, by the portal's own REST API, on an emulator
// of AWS that another team writes: ministack, of PyPI.
//
//   npm run test:ministack
//
// Needs Python 3 with venv. The emulator lives below node_modules/.cache, listens on a free
// loopback port, and ends with the run. What it lacks is listed in
// tests/ministack/support/dropped.ts.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MINISTACK_VERSION = '1.5.33';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VENV = join(ROOT, `node_modules/.cache/ministack-${MINISTACK_VERSION}`);
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 400_000;

process.exitCode = await main().catch(error => {
  console.error(`test:ministack: ${error.message}`);
  return 1;
});

async function main() {
  install();
  execFileSync('npm', ['run', '--silent', 'synth'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const home = mkdtempSync(join(tmpdir(), 'genai-ministack-'));
  const port = await freePort();
  const server = startServer(port, home);
  try {
    await ready(server, port);
    console.log(`ministack ${MINISTACK_VERSION} on 127.0.0.1:${port}`);
    return await runTests(`http://127.0.0.1:${port}`);
  } finally {
    await stop(server);
    rmSync(home, { recursive: true, force: true });
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
      `ministack==${MINISTACK_VERSION}`,
    ],
    options,
  );
  writeFileSync(mark, MINISTACK_VERSION);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** With a home of its own, so that it finds no one's credentials and leaves nothing. */
function startServer(port, home) {
  return spawn(join(VENV, 'bin/ministack'), [], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
    },
  });
}

async function ready(server, port) {
  let log = '';
  server.stderr.setEncoding('utf8').on('data', text => {
    log = (log + text).slice(-5000);
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    if (server.exitCode !== null || Date.now() > deadline) {
      throw new Error(`ministack did not start:\n${log}`);
    }
    const answer = await fetch(
      `http://127.0.0.1:${port}/_ministack/health`,
    ).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
}

async function stop(server) {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  const kill = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(kill);
}

async function runTests(endpoint) {
  const tests = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      ...['--require', '@backstage/cli-node/config/nodeTransform.cjs'],
      // What a backend in the tests' own process leaves open must not keep the lane waiting.
      ...['--test', '--test-force-exit', `--test-timeout=${TEST_TIMEOUT_MS}`],
      'tests/ministack/*.test.ts',
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        GENAI_TEST_MINISTACK: endpoint,
        // All clients of the SDK follow it, the provisioner's too.
        AWS_ENDPOINT_URL: endpoint,
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
