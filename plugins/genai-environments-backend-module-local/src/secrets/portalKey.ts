import { randomBytes } from 'node:crypto';
import type { LocalConfig } from '../config';
import { readOrCreateFile } from '../files/atomicFile';
import type { DataDirectory } from '../files/DataDirectory';

/** The key that secrets are sealed with: the configured one, or one that is made once. */
export async function loadPortalKey(
  config: Pick<LocalConfig, 'secretKey'>,
  dataDirectory: DataDirectory,
): Promise<string> {
  if (config.secretKey !== undefined) return config.secretKey;
  await dataDirectory.create();
  return readOrCreateFile(dataDirectory.keyPath, () =>
    randomBytes(32).toString('base64'),
  );
}
