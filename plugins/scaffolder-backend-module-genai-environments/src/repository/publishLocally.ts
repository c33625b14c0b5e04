import { ConflictError, InputError } from '@backstage/errors';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Author, git } from './git';
import { keepFor, markPublishedBy } from './publishedBy';
import { TEMPORARY_PREFIX } from './temporary';

/** Temporary directories of this age were left by a backend that was killed. */
const STALE_AFTER_MS = 3_600_000;
const OWNER_KEY = 'genai-environments.owner';
const NEVER_PUBLISHED = new Set(['.git', 'node_modules']);

export type PublishOptions = {
  source: string;
  /** Where the repository shall be; its name is the project's. */
  target: string;
  owner: string;
  author: Author;
  /**
   * What is left of an earlier, killed run of the same task is removed first. Only this
   * task can take the repository back.
   */
  taskId: string;
  signal?: AbortSignal;
};

/**
 * `created`: the repository is new. `unchanged`: it was published before with the same
 * files. `kept`: it was published before and has other files, which stay.
 */
export type PublishOutcome = 'created' | 'unchanged' | 'kept';

/**
 * Makes a directory a git repository with one commit, at once or not at all: it is put
 * together beside its place and then renamed. A repository that is there already is
 * somebody's work and never written over.
 *
 * @throws ConflictError when what is there belongs to another owner or is unknown.
 */
export async function publishLocally(
  options: PublishOptions,
): Promise<PublishOutcome> {
  const { source, target } = options;
  const parent = dirname(target);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeStale(parent);

  const run = options.taskId.replace(/[^A-Za-z0-9-]/g, '-');
  const temporary = join(parent, `${TEMPORARY_PREFIX}${run}`);
  await rm(temporary, { recursive: true, force: true });
  try {
    await mkdir(temporary, { mode: 0o700 });
    await copyFiles(source, temporary);
    await commitEverything(temporary, options);
    await markPublishedBy(temporary, options.taskId);
    if (!existsSync(target) && (await moveTo(temporary, target))) {
      return 'created';
    }
    const outcome = await compareWithExisting(temporary, options);
    await keepFor(target, options.taskId);
    return outcome;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function copyFiles(source: string, target: string) {
  const entries = existsSync(source) ? await readdir(source) : [];
  if (!entries.some(entry => !NEVER_PUBLISHED.has(entry))) {
    throw new InputError(
      'There are no files to publish. Run the step that writes the project before this one; if the task was resumed after a restart, start it anew.',
    );
  }
  await cp(source, target, {
    recursive: true,
    filter: path => path === source || !NEVER_PUBLISHED.has(basename(path)),
  });
}

async function commitEverything(
  directory: string,
  { owner, author, signal }: PublishOptions,
) {
  const run = (...args: string[]) => git(directory, args, { author, signal });
  await run('init', '--quiet', '--template=', '--initial-branch=main');
  await run('config', '--local', OWNER_KEY, owner);
  await run('add', '--all');
  await run(
    ...['commit', '--quiet', '--no-verify', '--no-gpg-sign'],
    ...['--message', 'Initial commit'],
  );
}

async function moveTo(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') {
      return false;
    }
    throw error;
  }
}

async function compareWithExisting(
  fresh: string,
  { target, owner, signal }: PublishOptions,
): Promise<PublishOutcome> {
  const name = basename(target);
  const publishedFor = await publishedOwner(target, signal);
  if (publishedFor === undefined) {
    throw new ConflictError(
      `The place of the repository ${name} is taken by a directory that was not published from here. Choose another name, or move ${target} away.`,
    );
  }
  if (publishedFor !== owner) {
    throw new ConflictError(
      `There is a repository ${name} of ${publishedFor} from an earlier environment. Choose another name.`,
    );
  }
  const [before, now] = await Promise.all([
    firstTree(target, signal),
    firstTree(fresh, signal),
  ]);
  return before === now ? 'unchanged' : 'kept';
}

async function publishedOwner(
  directory: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (!existsSync(join(directory, '.git'))) return undefined;
  // `--default ''`: a missing key is an answer, not a failure.
  const get = ['config', '--local', '--default', '', '--get', OWNER_KEY];
  return (await git(directory, get, { signal })) || undefined;
}

/** The files of a repository's first commit, as git's hash over them. */
async function firstTree(
  directory: string,
  signal?: AbortSignal,
): Promise<string> {
  const roots = await git(directory, ['rev-list', '--max-parents=0', 'HEAD'], {
    signal,
  });
  const [first] = roots.split('\n').slice(-1);
  return git(directory, ['rev-parse', `${first}^{tree}`], { signal });
}

async function removeStale(parent: string) {
  for (const entry of await readdir(parent)) {
    if (!entry.startsWith(TEMPORARY_PREFIX)) continue;
    const path = join(parent, entry);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < Date.now() - STALE_AFTER_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
