import { ServiceUnavailableError } from '@backstage/errors';
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import { hasCode } from '../files/atomicFile';

const run = promisify(execFile);
const TIMEOUT_MS = 5000;

/**
 * Asks the git command line about the repository in `directory`, without settings, hooks
 * and prompts of the account the portal runs under.
 *
 * @returns what it printed.
 * @throws ServiceUnavailableError
 */
export async function git(directory: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(
      'git',
      ['-c', 'core.fsmonitor=false', ...args],
      {
        cwd: directory,
        timeout: TIMEOUT_MS,
        maxBuffer: 16 * 1024 * 1024,
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          LC_ALL: 'C',
          GIT_CONFIG_GLOBAL: devNull,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_OPTIONAL_LOCKS: '0',
          GIT_CEILING_DIRECTORIES: directory,
        },
      },
    );
    return stdout;
  } catch (error) {
    throw new ServiceUnavailableError(
      hasCode(error, 'ENOENT')
        ? 'The git command line is not installed where the portal backend runs, but a local repository is to be looked at. Install git there.'
        : `git ${args[0]} failed in the repository ${directory}.`,
      error,
    );
  }
}
