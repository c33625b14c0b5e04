// Takes environments through their whole life, by the portal's own REST API, on an emulator
// of AWS that another team writes: ministack, of PyPI.
//
//   npm run test:ministack
//
// Needs Python 3 with venv. The emulator lives below node_modules/.cache, listens on a free
// loopback port, and ends with the run. What it lacks is listed in
// tests/ministack/support/dropped.ts.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EMULATOR_CREDENTIALS,
  freePort,
  runLane,
  runTests,
  stop,
  untilAnswers,
} from './lib/processes.mjs';
import { installPythonTools } from './lib/pythonTools.mjs';
import { ROOT } from './lib/root.mjs';

const MINISTACK_VERSION = '1.5.33';
const TEST_TIMEOUT_MS = 400_000;

await runLane('test:ministack', async () => {
  const tools = installPythonTools('ministack', [
    `ministack==${MINISTACK_VERSION}`,
  ]);
  execFileSync('npm', ['run', '--silent', 'synth'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const home = mkdtempSync(join(tmpdir(), 'genai-ministack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // With a home of its own, so that it finds no one's credentials and leaves nothing.
  const server = spawn(join(tools, 'bin/ministack'), [], {
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
  try {
    await untilAnswers({
      server,
      name: 'ministack',
      url: `${endpoint}/_ministack/health`,
      timeoutMs: 60_000,
    });
    console.log(`ministack ${MINISTACK_VERSION} on 127.0.0.1:${port}`);
    return await runTests({
      args: [
        '--enable-source-maps',
        ...['--require', '@backstage/cli-node/config/nodeTransform.cjs'],
        ...['--test', `--test-timeout=${TEST_TIMEOUT_MS}`],
        'tests/ministack/*.test.ts',
      ],
      env: {
        GENAI_TEST_MINISTACK: endpoint,
        // All clients of the SDK follow it, the provisioner's too.
        AWS_ENDPOINT_URL: endpoint,
        ...EMULATOR_CREDENTIALS,
      },
    });
  } finally {
    await stop(server);
    rmSync(home, { recursive: true, force: true });
  }
});
