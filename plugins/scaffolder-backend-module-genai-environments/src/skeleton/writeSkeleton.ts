import { isUtf8 } from 'node:buffer';
import {
  cp,
  mkdir,
  readdir,
  readFile,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { render, SkeletonValues } from './render';

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
 * npm leaves files of these names out of packages, so the packed skeleton has them
 * under others.
 *
 * @see scripts/skeleton.js
 */
const PACKED_PREFIX = 'dot-';
const PACKED_NAMES = new Set(['.gitignore', '.npmrc', '.npmignore']);

/**
 * Writes the skeleton, with its placeholders filled, into a directory.
 *
 * @returns paths relative to that directory, sorted.
 */
export async function writeSkeleton(options: {
  source: string;
  target: string;
  values: SkeletonValues;
}): Promise<string[]> {
  const { source, target, values } = options;
  const written: string[] = [];
  for (const path of await listFiles(source)) {
    const from = join(source, path);
    const to = join(target, unpackedPath(path));
    await mkdir(dirname(to), { recursive: true });
    const content = await readFile(from);
    if (isUtf8(content)) {
      const { mode } = await stat(from);
      const text = render({ path, text: content.toString('utf8'), values });
      await writeFile(to, text, { mode });
    } else {
      await cp(from, to);
    }
    written.push(relative(target, to));
  }
  return written.sort();
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
