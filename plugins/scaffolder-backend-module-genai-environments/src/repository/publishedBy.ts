import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { git } from './git';
import { TEMPORARY_PREFIX } from './temporary';

/** Beside git's own files: no clone, commit or status ever shows it. */
const MARK = join('.git', 'genai-environments.task');

/** Notes which task made the repository, so that the task can take it back. */
export async function markPublishedBy(directory: string, taskId: string) {
  await writeFile(join(directory, MARK), taskId, { mode: 0o600 });
}

/** From now on more than the task that made the repository relies on it. */
export async function keepFor(directory: string, taskId: string) {
  if (await isPublishedBy(directory, taskId)) return;
  await rm(join(directory, MARK), { force: true });
}

async function isPublishedBy(directory: string, taskId: string) {
  const mark = await readFile(join(directory, MARK), 'utf8').catch(() => '');
  return mark === taskId;
}

/**
 * Removes a repository that the task itself made, that no other task relies on, and that
 * holds nothing but what was published. Safe to repeat.
 *
 * @param options.isInUse asked last: whether an environment has the repository by now
 * @returns whether it was removed
 */
export async function withdrawRepository(options: {
  directory: string;
  taskId: string;
  isInUse: () => Promise<boolean>;
}): Promise<boolean> {
  const { directory, taskId, isInUse } = options;
  if (!(await isPublishedBy(directory, taskId))) return false;
  if (!(await isUntouched(directory)) || (await isInUse())) return false;
  // At once or not at all; what a crash leaves of it is cleared by the next publishing.
  const doomed = join(
    dirname(directory),
    `${TEMPORARY_PREFIX}withdrawn-${basename(directory)}`,
  );
  await rm(doomed, { recursive: true, force: true });
  await rename(directory, doomed);
  await rm(doomed, { recursive: true, force: true });
  return true;
}

async function isUntouched(directory: string): Promise<boolean> {
  const commits = await git(directory, [
    ...['rev-list', '--all', '--reflog', '--count'],
  ]);
  const changes = await git(directory, ['status', '--porcelain', '--ignored']);
  return commits === '1' && changes === '';
}
