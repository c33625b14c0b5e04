import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../config';
import { ENVIRONMENT_FILE } from './fence';

/**
 * The runtime makes no directory: one that is missing was torn down.
 *
 * @throws ConfigError when it is not the data directory of an environment
 */
export async function assertDataDirectory(path: string): Promise<void> {
  const directory = await stat(path).catch(() => undefined);
  if (!directory?.isDirectory()) {
    throw new ConfigError(
      'GENAI_DATA_DIRECTORY is wrong: there is no such directory. The provisioner must make it first.',
    );
  }
  const file = await stat(join(path, ENVIRONMENT_FILE)).catch(() => undefined);
  if (!file?.isFile()) {
    throw new ConfigError(
      `GENAI_DATA_DIRECTORY is wrong: there is no ${ENVIRONMENT_FILE} in it, so no environment is wanted here.`,
    );
  }
}
