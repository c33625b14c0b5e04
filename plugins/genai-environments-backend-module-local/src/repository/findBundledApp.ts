import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const SCAFFOLDER_MODULE =
  '@genai-environments/backstage-plugin-scaffolder-backend-module-genai-environments';

/**
 * The app of environments that have no repository: the skeleton that comes with the
 * scaffolder module, in the published package or at the root of this workspace.
 * `undefined` where neither is installed.
 */
export function findBundledApp(): string | undefined {
  let packageDirectory: string;
  try {
    packageDirectory = resolvePackagePath(SCAFFOLDER_MODULE);
  } catch {
    return undefined;
  }
  return [
    join(packageDirectory, 'skeleton'),
    join(packageDirectory, '..', '..', 'skeleton'),
  ].find(directory => existsSync(join(directory, 'package.json')));
}
