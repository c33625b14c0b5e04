// Writes the CloudFormation blueprints and has cfn-lint, of PyPI, look at each of them.
//
//   npm run test:infra
//
// Needs Python 3 with venv. cfn-lint lives below node_modules/.cache. Findings of any level
// fail, but for the rules that infra/cfn-lint.json names with a reason.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = ['cfn-lint==1.58.0'];
/** Regions whose resource types are looked up. */
const REGIONS = ['us-east-1', 'eu-central-1'];
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const digest = createHash('sha256').update(PACKAGES.join()).digest('hex');
const VENV = join(
  ROOT,
  `node_modules/.cache/infra-tools-${digest.slice(0, 8)}`,
);

try {
  process.exitCode = main();
} catch (error) {
  console.error(`test:infra: ${error.message}`);
  process.exitCode = 1;
}

function main() {
  install();
  execFileSync('npm', ['run', '--silent', 'synth'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const templates = globSync('infra/dist/blueprints/*.template.json', {
    cwd: ROOT,
  }).sort();
  const ignored = Object.keys(
    JSON.parse(readFileSync(join(ROOT, 'infra/cfn-lint.json'), 'utf8')),
  );
  const findings = lint(templates, ignored);
  const failed = templates.filter(template => findings.includes(template));
  console.log(findings || 'cfn-lint found nothing.');
  // In the words that .ci/run counts by.
  console.log(`# pass ${templates.length - failed.length}`);
  console.log(`# fail ${failed.length}`);
  return findings === '' && templates.length > 0 ? 0 : 1;
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

/** A line for each finding, in one process: loading the schemas takes longest. */
function lint(templates, ignored) {
  const { status, stdout, stderr, error } = spawnSync(
    join(VENV, 'bin/cfn-lint'),
    [
      ...['--regions', ...REGIONS],
      ...(ignored.length ? ['--ignore-checks', ...ignored] : []),
      ...['--format', 'parseable'],
      ...['--template', ...templates],
    ],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (error) throw error;
  if (status !== 0 && !stdout) throw new Error(`cfn-lint failed: ${stderr}`);
  return stdout.trim();
}
