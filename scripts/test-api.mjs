// Tests every route of an environment from outside: tests/api against a real runtime.
//
//   npm run test:api [-- pattern]
//
// Needs Python 3 with venv for Schemathesis, openapi-spec-validator and requests, of PyPI. They
// live below node_modules/.cache. Tests find them by GENAI_TEST_API_TOOLS.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = [
  'schemathesis==4.32.5',
  'openapi-spec-validator==0.9.0',
  'requests==2.34.2',
];
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const digest = createHash('sha256').update(PACKAGES.join()).digest('hex');
const VENV = join(ROOT, `node_modules/.cache/api-tools-${digest.slice(0, 8)}`);

process.exitCode = await main().catch(error => {
  console.error(`test:api: ${error.message}`);
  return 1;
});

async function main() {
  install();
  execFileSync(process.execPath, ['services/runtime/build.mjs'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return runTests();
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
    ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES],
    options,
  );
  writeFileSync(mark, PACKAGES.join('\n'));
}

async function runTests() {
  const tests = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--require',
      '@backstage/cli-node/config/nodeTransform.cjs',
      '--test',
      '--test-concurrency=1',
      `tests/api/*${process.argv[2] ?? ''}*.test.ts`,
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, GENAI_TEST_API_TOOLS: VENV },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => tests.kill(signal));
  }
  const [code] = await once(tests, 'exit');
  return code ?? 1;
}
