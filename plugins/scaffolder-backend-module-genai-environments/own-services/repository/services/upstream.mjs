/**
 * Takes over another version of the services:
 *
 *   npm run upstream -- 0.2.0
 *
 * The source as it was published is committed on the branch `services-upstream`, which begins
 * where it came into this repository; that branch is then merged into the current one. So git
 * knows what was changed here and what was changed there, and asks only where both were.
 *
 * Instead of a version: the file of a package, `./package.tgz`.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE =
  '@genai-environments/backstage-plugin-scaffolder-backend-module-genai-environments';
const BRANCH = 'services-upstream';
const PLACEHOLDER = /\$\{\{\s*values\.(\w+)\s*(\|\s*dump\s*)?\}\}/g;

const folder = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv[2];
if (!wanted) fail('Which version? npm run upstream -- 0.2.0');

const git = (...args) => run('git', ['-C', folder, ...args]);
if (git('status', '--porcelain') !== '') {
  fail(
    'Commit what you have changed first: a merge must be able to undo itself.',
  );
}
/** Path of this folder in the repository, such as `services/`. */
const place = git('rev-parse', '--show-prefix');
const { genai: values } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
);

const temporary = mkdtempSync(join(tmpdir(), 'services-upstream-'));
const checkout = join(temporary, 'checkout');
try {
  const source = download(wanted);
  if (!git('branch', '--list', BRANCH)) git('branch', BRANCH, firstCommit());
  git('worktree', 'add', '--quiet', checkout, BRANCH);
  const version = replaceSource(source);
  commit(`Services ${version}`);
} finally {
  if (existsSync(checkout)) git('worktree', 'remove', '--force', checkout);
  rmSync(temporary, { recursive: true, force: true });
}
execFileSync('git', ['-C', folder, 'merge', '--no-edit', BRANCH], {
  stdio: 'inherit',
});
console.log('Now: npm ci && npm run typecheck && npm test');

/** The repository folder of a published package. */
function download(version) {
  const isFile = existsSync(version);
  const spec = isFile ? resolve(version) : `${PACKAGE}@${version}`;
  run('npm', ['pack', spec, '--silent', '--pack-destination', temporary]);
  const archive = readdirSync(temporary).find(name => name.endsWith('.tgz'));
  run('tar', ['-xzf', join(temporary, archive), '-C', temporary]);
  const source = join(temporary, 'package/dist-own-services/repository');
  if (!existsSync(source)) fail(`${spec} has no source of services.`);
  return source;
}

/** The commit with which this folder began. */
function firstCommit() {
  const added = ['log', '--diff-filter=A', '--format=%H', '--', 'upstream.mjs'];
  return git(...added)
    .split('\n')
    .pop();
}

/** Puts the published files where this project has them. */
function replaceSource(source) {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    if (text.includes('${{'))
      writeFileSync(file, text.replace(PLACEHOLDER, fill));
    const name = basename(file);
    if (/^dot-(gitignore|npmrc|npmignore)$/.test(name)) {
      renameSync(file, join(dirname(file), name.replace('dot-', '.')));
    }
  }
  const root = join(checkout, place, '..');
  rmSync(join(checkout, place), { recursive: true });
  mkdirSync(root, { recursive: true });
  cpSync(source, root, { recursive: true });
  const manifest = join(checkout, place, 'package.json');
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}

function fill(placeholder, name, quoted) {
  const value = values[name];
  if (value === undefined) fail(`package.json lacks genai.${name}.`);
  return quoted ? JSON.stringify(value) : value;
}

function commit(message) {
  run('git', ['-C', checkout, 'add', '--all']);
  if (run('git', ['-C', checkout, 'status', '--porcelain']) === '') return;
  run('git', ['-C', checkout, 'commit', '--quiet', '--message', message]);
}

function run(command, args) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1e8,
  }).trimEnd();
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
