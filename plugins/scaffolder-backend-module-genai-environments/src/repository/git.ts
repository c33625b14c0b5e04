import { ServiceUnavailableError } from '@backstage/errors';
import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who a commit is by. */
export type Author = { name: string; email: string };

/**
 * Runs the git command line in `directory`, without the settings, hooks, prompts and
 * signing keys of the account the portal runs under.
 *
 * @returns what it printed, trimmed.
 */
export async function git(
  directory: string,
  args: string[],
  options: { author?: Author; signal?: AbortSignal } = {},
): Promise<string> {
  const { author, signal } = options;
  try {
    const { stdout } = await run(
      'git',
      ['-c', 'core.fsmonitor=false', ...args],
      {
        cwd: directory,
        signal,
        maxBuffer: 16 * 1024 * 1024,
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          LC_ALL: 'C',
          GIT_CONFIG_GLOBAL: devNull,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_CEILING_DIRECTORIES: directory,
          ...(author && {
            GIT_AUTHOR_NAME: author.name,
            GIT_AUTHOR_EMAIL: author.email,
            GIT_COMMITTER_NAME: author.name,
            GIT_COMMITTER_EMAIL: author.email,
          }),
        },
      },
    );
    return stdout.trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw new ServiceUnavailableError(describe(args, error));
  }
}

function describe(args: string[], error: unknown): string {
  const { code, stderr } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    return 'The git command line is not installed where the portal backend runs. Install git there, or publish to GitHub.';
  }
  const said = stderr?.trim().split('\n').pop();
  return `git ${args[0]} failed${said ? `: ${said}` : '.'}`;
}
