// Runs the tests of the AWS adapters (*.aws.test.ts) against an emulator: moto, of PyPI.
//
//   npm run test:aws [-- pattern]
//
// Needs Python 3 with venv. The emulator lives below node_modules/.cache, listens on a free
// loopback port, and ends with the run. Tests find it by GENAI_TEST_AWS_ENDPOINT.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
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

const MOTO_VERSION = '5.1.18';

await runLane('test:aws', async () => {
  const tools = installPythonTools('moto', [`moto[server]==${MOTO_VERSION}`]);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = spawn(
    join(tools, 'bin/python'),
    [join(ROOT, 'scripts/emulator/serve.py'), String(port)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    await untilAnswers({
      server,
      name: 'moto',
      url: `${endpoint}/moto-api/`,
      timeoutMs: 60_000,
    });
    console.log(`moto ${MOTO_VERSION} on 127.0.0.1:${port}`);
    return await runTests({
      args: [
        createRequire(import.meta.url).resolve(
          '@backstage/cli/bin/backstage-cli',
        ),
        ...['repo', 'test', '--no-watch', '--maxWorkers=2'],
        '--testTimeout=60000',
        `${process.argv[2] ?? ''}.*\\.aws\\.test\\.ts$`,
        // In place of the pattern in package.json that keeps these tests out of npm test.
        '--testPathIgnorePatterns=/node_modules/',
      ],
      env: {
        CI: 'true',
        GENAI_TEST_AWS_ENDPOINT: endpoint,
        ...EMULATOR_CREDENTIALS,
      },
    });
  } finally {
    await stop(server);
  }
});
