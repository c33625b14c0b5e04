// Writes the CloudFormation blueprints and has cfn-lint, of PyPI, look at each of them.
//
//   npm run test:infra
//
// Needs Python 3 with venv. cfn-lint lives below node_modules/.cache. Findings of any level
// fail, but for the rules that infra/cfn-lint.json names with a reason.
import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLane } from './lib/processes.mjs';
import { installPythonTools } from './lib/pythonTools.mjs';
import { ROOT } from './lib/root.mjs';

/** Regions whose resource types are looked up. */
const REGIONS = ['us-east-1', 'eu-central-1'];

await runLane('test:infra', async () => {
  const tools = installPythonTools('infra', ['cfn-lint==1.58.0']);
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
  const findings = lint(tools, { templates, ignored });
  const failed = templates.filter(template => findings.includes(template));
  console.log(findings || 'cfn-lint found nothing.');
  // In the words that .ci/run counts by.
  console.log(`# pass ${templates.length - failed.length}`);
  console.log(`# fail ${failed.length}`);
  return findings === '' && templates.length > 0 ? 0 : 1;
});

/** A line for each finding, in one process: loading the schemas takes longest. */
function lint(tools, { templates, ignored }) {
  const { status, stdout, stderr, error } = spawnSync(
    join(tools, 'bin/cfn-lint'),
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
