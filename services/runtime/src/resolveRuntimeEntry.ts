import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The bundle is made by a build step that did not run. */
export class RuntimeNotBuiltError extends Error {
  override readonly name = 'RuntimeNotBuiltError';
  readonly code = 'RUNTIME_NOT_BUILT';
}

/**
 * Absolute path of the runtime's bundle: one file that Node runs without anything else
 * around it.
 *
 * @throws RuntimeNotBuiltError
 * @see docs/runtime-protocol.md for how to start it
 */
export function resolveRuntimeEntry(): string {
  // This file is in `src` in the workspace and in `dist` once published: side by side,
  // so the rule against __dirname does not apply, and nothing of Backstage is needed.
  // eslint-disable-next-line no-restricted-syntax
  const entry = resolve(__dirname, '..', 'dist', 'runtime.cjs');
  if (!existsSync(entry)) {
    throw new RuntimeNotBuiltError(
      `The runtime is not built: ${entry} does not exist. Run "npm run build:runtime" in the workspace.`,
    );
  }
  return entry;
}
