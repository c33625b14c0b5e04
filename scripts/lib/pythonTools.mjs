import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * Installs packages of PyPI into a virtual environment below node_modules/.cache, once for each
 * list of versions. Needs Python 3 with venv.
 *
 * @param {string} name - of the lane
 * @param {string[]} packages - each with its version, `name==1.2.3`
 * @returns {string} the directory of the virtual environment
 */
export function installPythonTools(name, packages) {
  const digest = createHash('sha256').update(packages.join()).digest('hex');
  const directory = join(
    ROOT,
    `node_modules/.cache/${name}-tools-${digest.slice(0, 8)}`,
  );
  // The mark comes last, so that an installation that broke off is done anew.
  const mark = join(directory, 'installed');
  if (existsSync(mark)) return directory;
  rmSync(directory, { recursive: true, force: true });
  const options = { stdio: ['ignore', 'inherit', 'inherit'] };
  execFileSync('python3', ['-m', 'venv', directory], options);
  execFileSync(
    join(directory, 'bin/pip'),
    ['install', '--quiet', '--disable-pip-version-check', ...packages],
    options,
  );
  writeFileSync(mark, packages.join('\n'));
  return directory;
}
