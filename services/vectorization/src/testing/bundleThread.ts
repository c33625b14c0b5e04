import { buildSync } from 'esbuild';
import { join } from 'node:path';

// Development only: the source lies where it always lies.
/* eslint-disable no-restricted-syntax */

/** Makes the file that `ThreadedVectorIndex` runs, of the same source as here. */
export function bundleIndexThread(directory: string): string {
  const outfile = join(directory, 'vectorIndexThread.cjs');
  buildSync({
    entryPoints: [join(__dirname, '../vectorIndexThread.ts')],
    bundle: true,
    platform: 'node',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
