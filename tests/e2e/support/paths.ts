import { resolve } from 'node:path';

/** Root of the repository. */
export const ROOT = resolve(__dirname, '../../..');

/** Where screenshots, logs and the like go; ignored by git. */
export const RESULTS = resolve(ROOT, 'test-results');
