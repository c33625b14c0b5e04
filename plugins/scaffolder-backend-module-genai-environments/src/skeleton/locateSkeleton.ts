import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE =
  '@genai-environments/backstage-plugin-scaffolder-backend-module-genai-environments';

/**
 * Where the skeleton is: in the published package beside `dist` (copied there by
 * `scripts/skeleton.js` when it is packed), in this repository at its root.
 */
export function locateSkeleton(
  packageDirectory: string = resolvePackagePath(PACKAGE),
): string {
  const candidates = [
    join(packageDirectory, 'skeleton'),
    join(packageDirectory, '..', '..', 'skeleton'),
  ];
  const found = candidates.find(directory =>
    existsSync(join(directory, 'catalog-info.yaml')),
  );
  if (found) return found;
  throw new NotFoundError(
    'The bundled project skeleton is missing. Install the scaffolder module of GenAI Environments again.',
  );
}
