import { isUtf8 } from 'node:buffer';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { render, Values } from './render';

const FILES_AT_ONCE = 32;

/** Never part of a project, wherever they come from. */
const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  'dist',
  'coverage',
  '.DS_Store',
  '.env',
]);

/**
 * npm leaves files of these names out of packages, so packed ones have others.
 *
 * @see scripts/skeleton.js and scripts/ownServices.js
 */
const PACKED_PREFIX = 'dot-';
const PACKED_NAMES = new Set(['.gitignore', '.npmrc', '.npmignore']);

/**
 * Writes a directory's files, with their placeholders filled, into another one.
 *
 * @returns paths relative to that directory, sorted.
 */
export async function writeFiles(options: {
  source: string;
  target: string;
  values: Values;
}): Promise<string[]> {
  const { source, target, values } = options;
  const paths = await listFiles(source);
  for (let next = 0; next < paths.length; next += FILES_AT_ONCE) {
    const some = paths.slice(next, next + FILES_AT_ONCE);
    await Promise.all(
      some.map(path => writeFileOf({ source, path, target, values })),
    );
  }
  return paths.map(unpackedPath).sort();
}

async function writeFileOf(options: {
  source: string;
  path: string;
  target: string;
  values: Values;
}): Promise<void> {
  const { source, path, target, values } = options;
  const from = join(source, path);
  const to = join(target, unpackedPath(path));
  await mkdir(dirname(to), { recursive: true });
  const content = await readFile(from);
  if (!isUtf8(content)) return cp(from, to);
  const { mode } = await stat(from);
  const text = render({ path, text: content.toString('utf8'), values });
  return writeFile(to, text, { mode });
}

async function listFiles(directory: string, prefix = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) {
      found.push(...(await listFiles(join(directory, entry.name), path)));
    } else if (entry.isFile()) {
      found.push(path);
    }
  }
  return found;
}

function unpackedPath(path: string): string {
  const name = path.slice(dirname(path) === '.' ? 0 : dirname(path).length + 1);
  const unpacked = name.startsWith(PACKED_PREFIX)
    ? `.${name.slice(PACKED_PREFIX.length)}`
    : name;
  return PACKED_NAMES.has(unpacked) ? join(dirname(path), unpacked) : path;
}
