import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { resolveRuntimeEntry } from '@genai-environments/runtime';
import { execFileSync } from 'node:child_process';

/** Builds the runtime's bundle when nobody did before; takes about a second. */
export function ensureRuntimeBuilt(): void {
  try {
    resolveRuntimeEntry();
  } catch {
    const script = resolvePackagePath(
      '@genai-environments/runtime',
      'build.mjs',
    );
    execFileSync(process.execPath, [script], { stdio: 'inherit' });
  }
}
