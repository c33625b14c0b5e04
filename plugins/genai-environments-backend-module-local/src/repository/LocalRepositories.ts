import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataDirectory } from '../files/DataDirectory';
import { git } from './git';

/** Set by the scaffolder module when it publishes. */
const OWNER_KEY = 'genai-environments.owner';

/** Ignored files that can be made again. */
const REPRODUCIBLE = /^!! (.*\/)?(node_modules|dist|coverage)\/$|\.DS_Store$/;

type Project = { name: string; owner: string };

/** What became of the repository at teardown. */
export type RepositoryRemoval =
  | { kind: 'absent' }
  | { kind: 'removed' }
  | { kind: 'kept'; path: string };

/**
 * Repositories that the scaffolder module published on this machine. One that was
 * published for another owner, or by nobody known, is never run and never removed: it may
 * be what is left of an environment that had the same name.
 */
export class LocalRepositories {
  private readonly owners = new Map<string, { stamp: string; owner: string }>();

  constructor(private readonly dataDirectory: DataDirectory) {}

  /** Directory of the project's repository, if there is one. */
  async find({ name, owner }: Project): Promise<string | undefined> {
    const path = this.dataDirectory.repositoryPath(name);
    return (await this.ownerOf(path)) === owner ? path : undefined;
  }

  /** Address that people can clone from. */
  urlOf(path: string): string {
    return pathToFileURL(path).href;
  }

  /**
   * Removes the project's repository when nothing was added to it since it was
   * published; keeps it in doubt. Safe to repeat after a crash.
   */
  async removeIfUntouched(project: Project): Promise<RepositoryRemoval> {
    const place = this.dataDirectory.repositoryPath(project.name);
    // At once or not at all: half a repository would look like somebody's work.
    const doomed = join(dirname(place), `.removing-${basename(place)}`);
    await rm(doomed, { recursive: true, force: true });

    const path = await this.find(project);
    if (path === undefined) return { kind: 'absent' };
    if (!(await isUntouched(path))) return { kind: 'kept', path };
    await rename(path, doomed);
    await rm(doomed, { recursive: true, force: true });
    return { kind: 'removed' };
  }

  private async ownerOf(path: string): Promise<string | undefined> {
    const stats = await stat(join(path, '.git', 'config')).catch(
      () => undefined,
    );
    if (!stats?.isFile()) return undefined;
    const stamp = `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
    const known = this.owners.get(path);
    if (known?.stamp === stamp) return known.owner;

    const get = ['config', '--local', '--default', '', '--get', OWNER_KEY];
    const owner = (await git(path, get)).trim();
    this.owners.set(path, { stamp, owner });
    return owner;
  }
}

/** Whether there is nothing but the one commit it was published with, in any corner. */
async function isUntouched(path: string): Promise<boolean> {
  try {
    const [commits, status] = await Promise.all([
      git(path, ['rev-list', '--all', '--reflog', '--count']),
      git(path, ['status', '--porcelain', '--ignored']),
    ]);
    const changes = status
      .split('\n')
      .filter(line => line !== '' && !REPRODUCIBLE.test(line));
    return commits.trim() === '1' && changes.length === 0;
  } catch {
    return false;
  }
}
