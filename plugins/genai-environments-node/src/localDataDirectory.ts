import { join, resolve } from 'node:path';

const DEFAULT_LOCAL_DATA_DIRECTORY = '.data/genai-environments';

/** The part of Backstage's configuration that is read here. */
export type LocalDataConfig = {
  getOptionalString(key: string): string | undefined;
};

/**
 * The directory on this machine that local environments and locally published
 * repositories live in: `genaiEnvironments.local.dataDirectory`, by default
 * `.data/genai-environments`; relative paths start at the working directory.
 *
 * One function for the provisioner and the scaffolder actions, so that both always mean
 * the same place.
 */
export function resolveLocalDataDirectory(config: LocalDataConfig): string {
  return resolve(
    config.getOptionalString('genaiEnvironments.local.dataDirectory') ??
      DEFAULT_LOCAL_DATA_DIRECTORY,
  );
}

/** Where the locally published repository of an environment is kept. */
export function resolveLocalRepositoryDirectory(options: {
  dataDirectory: string;
  /** Name of the environment, valid by `environmentNameSchema`. */
  name: string;
}): string {
  return join(options.dataDirectory, 'repositories', options.name);
}
