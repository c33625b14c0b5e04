import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Writes the bundled blueprints when nobody did before; takes some seconds. */
export function ensureBlueprintsBuilt(): void {
  const name = '@genai-environments/aws-blueprints';
  if (existsSync(resolvePackagePath(name, 'dist/blueprints/manifest.json'))) {
    return;
  }
  execFileSync('npm', ['run', 'synth'], {
    cwd: resolvePackagePath(name, '.'),
    stdio: 'inherit',
  });
}
