import { resolve } from 'node:path';

/**
 * Files of threads and processes, which `build.mjs` puts beside the bundle. This file is in
 * `src/composition` in the workspace and in the bundle once built.
 */
// eslint-disable-next-line no-restricted-syntax -- no Backstage at run time
const dist = __dirname.endsWith('composition')
  ? // eslint-disable-next-line no-restricted-syntax
    resolve(__dirname, '../../dist')
  : // eslint-disable-next-line no-restricted-syntax
    __dirname;

export const ENTRIES = {
  extraction: resolve(dist, 'extraction', 'extractionProcess.mjs'),
  vectorIndex: resolve(dist, 'vectorIndexThread.cjs'),
};
