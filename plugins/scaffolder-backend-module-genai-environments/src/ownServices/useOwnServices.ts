import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PACKAGE =
  '@genai-environments/backstage-plugin-scaffolder-backend-module-genai-environments';

const run = promisify(execFile);

/** Directories with what a project gets. */
export type OwnServices = {
  /** Files of the project's repository, by their paths there. */
  repository: string;
  /** Text that is added at the end of files that the project may have already. */
  appended: string;
};

/**
 * Lends the source of the services as a project gets it. In the published package it lies
 * beside `dist`, made when the package was packed; in this repository it is made from
 * `services/` each time, so that there is no second copy to forget.
 *
 * @param use - gets directories that may be gone once its promise is settled
 * @throws NotFoundError
 */
export async function useOwnServices<T>(
  use: (source: OwnServices) => Promise<T>,
  packageDirectory: string = resolvePackagePath(PACKAGE),
): Promise<T> {
  const generator = join(packageDirectory, 'scripts', 'ownServices.js');
  if (!existsSync(generator)) {
    const packed = join(packageDirectory, 'dist-own-services');
    if (existsSync(packed)) return use(within(packed));
    throw new NotFoundError(
      'The source of the services is missing. Install the scaffolder module of GenAI Environments again.',
    );
  }
  const temporary = await mkdtemp(join(tmpdir(), 'genai-own-services-'));
  try {
    await run(process.execPath, [generator, 'copy', temporary]);
    return await use(within(temporary));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function within(directory: string): OwnServices {
  return {
    repository: join(directory, 'repository'),
    appended: join(directory, 'appended'),
  };
}
