// `npm run soak:workers [-- kills]`: kills a worker process 50 times, or so many, while it
// ingests 200 files, and looks whether each was processed once.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const cli = createRequire(import.meta.url).resolve(
  '@backstage/cli/bin/backstage-cli',
);
const { status } = spawnSync(
  process.execPath,
  [cli, 'package', 'test', '--no-watch', 'src/workers.kill.test.ts'],
  {
    cwd: fileURLToPath(new URL('../services/runtime', import.meta.url)),
    env: {
      ...process.env,
      CI: 'true',
      GENAI_TEST_KILLS: process.argv[2] ?? '50',
    },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
