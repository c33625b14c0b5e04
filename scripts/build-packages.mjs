#!/usr/bin/env node
/** `npm run build`: builds every package that is published. Needs the types of `npm run tsc`. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.env.npm_execpath;
if (!npm) {
  console.error('Run it as "npm run build".');
  process.exit(1);
}

const names = globSync(
  ['{plugins,services}/*/package.json', 'infra/package.json'],
  {
    cwd: root,
  },
)
  .map(file => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')))
  .filter(manifest => !manifest.private)
  .map(manifest => manifest.name);

const { status } = spawnSync(
  process.execPath,
  [npm, 'run', 'build', ...names.map(name => `--workspace=${name}`)],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
