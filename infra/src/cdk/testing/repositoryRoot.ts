import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';

/** Folder of the repository, from wherever tests are started. */
export function repositoryRoot(): string {
  const manifest = require.resolve(
    '@genai-environments/aws-blueprints/package.json',
  );
  return dirname(dirname(realpathSync(manifest)));
}
