import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { environmentNameSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  resolveLocalDataDirectory,
  resolveLocalRepositoryDirectory,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** A name that is safe as a directory. @throws InputError */
export function parseName(name: string): string {
  const parsed = environmentNameSchema.safeParse(name);
  if (parsed.success) return parsed.data;
  throw new InputError(
    `"${name}" cannot be the name of a project: it ${parsed.error.issues[0].message}.`,
  );
}

/** Where the repository of a project is kept on this machine. */
export function localRepositoryDirectory(config: Config, name: string): string {
  return resolveLocalRepositoryDirectory({
    dataDirectory: resolveLocalDataDirectory(config),
    name,
  });
}

export function localRepositoryUrl(config: Config, name: string): string {
  return pathToFileURL(localRepositoryDirectory(config, name)).href;
}

/**
 * A task that goes on where it failed skips the step that published, but the teardown
 * in between may have taken the untouched repository along.
 *
 * @throws InputError when `repository` is the project's local one and is not there.
 */
export function assertNotLost(options: {
  config: Config;
  name: string;
  repository: string | undefined;
}): void {
  const { config, name, repository } = options;
  if (repository !== localRepositoryUrl(config, name)) return;
  if (existsSync(localRepositoryDirectory(config, name))) return;
  throw new InputError(
    `The repository that was published for ${name} is not there any more. Start over with the same values instead of retrying this task.`,
  );
}
