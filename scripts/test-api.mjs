// Tests every route of an environment from outside: tests/api against a real runtime.
//
//   npm run test:api [-- pattern]
//
// Needs Python 3 with venv for Schemathesis, openapi-spec-validator and requests, of PyPI. They
// live below node_modules/.cache. Tests find them by GENAI_TEST_API_TOOLS.
import { execFileSync } from 'node:child_process';
import { runLane, runTests } from './lib/processes.mjs';
import { installPythonTools } from './lib/pythonTools.mjs';
import { ROOT } from './lib/root.mjs';

await runLane('test:api', async () => {
  const tools = installPythonTools('api', [
    'schemathesis==4.32.5',
    'openapi-spec-validator==0.9.0',
    'requests==2.34.2',
  ]);
  execFileSync(process.execPath, ['services/runtime/build.mjs'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return runTests({
    args: [
      '--enable-source-maps',
      ...['--require', '@backstage/cli-node/config/nodeTransform.cjs'],
      ...['--test', '--test-concurrency=1'],
      `tests/api/*${process.argv[2] ?? ''}*.test.ts`,
    ],
    env: { GENAI_TEST_API_TOOLS: tools },
  });
});
