import { createHash } from 'node:crypto';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { hasCode } from '../files/atomicFile';
import type { EnvironmentDirectory } from '../files/EnvironmentDirectory';

/** What a checkout of the skeleton may hold beside its sources. */
const LEFT_OUT = new Set(['node_modules', '.env', '.DS_Store']);

/** Every file of the app, so that what is written is what was hashed. */
export type AppSnapshot = {
  hash: string;
  files: Array<{ path: string; content: Buffer }>;
};

/**
 * The app of environments that have no repository. It runs from a copy in the
 * environment's directory: an installed skeleton lies below `node_modules`, where Node
 * refuses to run TypeScript, and an upgrade would change it under a running app.
 *
 * @see https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
 */
export class BundledApp {
  private snapshot?: Promise<AppSnapshot>;

  /** @param find - directory of the app; `undefined` where none is installed */
  constructor(private readonly find: () => string | undefined) {}

  isInstalled(): boolean {
    return this.find() !== undefined;
  }

  /** Read once: while a backend runs, a change does not reach environments that run. */
  async load(): Promise<AppSnapshot | undefined> {
    if (!this.snapshot) {
      const directory = this.find();
      if (directory === undefined) return undefined;
      const snapshot = readSnapshot(directory);
      this.snapshot = snapshot;
      snapshot.catch(() => {
        this.snapshot = undefined;
      });
    }
    return this.snapshot;
  }
}

/**
 * Makes the environment's copy be `snapshot`, and the only one. Safe to repeat; no app
 * may run from an older copy.
 */
export async function placeApp(
  { files, hash }: AppSnapshot,
  directory: EnvironmentDirectory,
): Promise<void> {
  const { appCopiesPath } = directory;
  if (await hasOnly(appCopiesPath, hash)) return;

  await rm(appCopiesPath, { recursive: true, force: true });
  // Renamed when it is whole: half a copy would look like all of it after a crash.
  const unfinished = join(appCopiesPath, `.${hash}`);
  for (const { path, content } of files) {
    const target = join(unfinished, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600 });
  }
  await rename(unfinished, directory.appCopyPath(hash));
}

async function hasOnly(directory: string, name: string): Promise<boolean> {
  try {
    const names = await readdir(directory);
    return names.length === 1 && names[0] === name;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function readSnapshot(root: string): Promise<AppSnapshot> {
  const paths = (await listFiles(root)).sort();
  const files = await Promise.all(
    paths.map(async path => ({
      path,
      content: await readFile(join(root, path)),
    })),
  );
  const hash = createHash('sha256');
  for (const { path, content } of files) {
    const name = path.split(sep).join('/');
    hash.update(`${JSON.stringify(name)} ${content.length}\n`).update(content);
  }
  return { files, hash: hash.digest('hex').slice(0, 16) };
}

/** Relative to `root`. */
async function listFiles(root: string, directory = root): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const lists = await Promise.all(
    entries
      .filter(({ name }) => !LEFT_OUT.has(name))
      .map(async entry => {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) return listFiles(root, path);
        return entry.isFile() ? [relative(root, path)] : [];
      }),
  );
  return lists.flat();
}
