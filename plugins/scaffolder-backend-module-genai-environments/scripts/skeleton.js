#!/usr/bin/env node
/**
 * Puts the project skeleton of this repository into the package when it is packed
 * (`copy`), and takes it out again (`remove`).
 *
 * npm leaves files named `.gitignore` and the like out of packages, so they travel as
 * `dot-gitignore`; `src/files/writeFiles.ts` gives them their names back.
 */
const fs = require('node:fs');
const path = require('node:path');

const LEFT_OUT = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.DS_Store',
  '.env',
]);
const RENAMED = new Set(['.gitignore', '.npmrc', '.npmignore']);

const [, , command, target = path.join(__dirname, '..', 'skeleton')] =
  process.argv;
const source = path.join(__dirname, '..', '..', '..', 'skeleton');

function copy(from, to) {
  fs.mkdirSync(to, { recursive: true });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    const name = RENAMED.has(entry.name)
      ? entry.name.replace('.', 'dot-')
      : entry.name;
    if (entry.isDirectory()) {
      copy(path.join(from, entry.name), path.join(to, name));
    } else if (entry.isFile()) {
      fs.copyFileSync(path.join(from, entry.name), path.join(to, name));
    }
  }
}

fs.rmSync(target, { recursive: true, force: true });
if (command === 'copy') {
  copy(source, target);
} else if (command !== 'remove') {
  process.stderr.write('Usage: skeleton.js copy|remove [directory]\n');
  process.exitCode = 2;
}
