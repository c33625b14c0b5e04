/** Bounds of the delay between failing attempts. */
export type BackoffOptions = {
  initialMs: number;
  maxMs: number;
  /** Uniform in [0, 1); defaults to `Math.random`. */
  random?: () => number;
};

/**
 * Delay before the next attempt after `failures` failures in a row (from 1): doubles
 * up to the cap; the upper half is random so that environments which fail for one
 * reason do not all come back in one moment.
 */
export function backoffMs(failures: number, options: BackoffOptions): number {
  const { initialMs, maxMs, random = Math.random } = options;
  const ceiling = Math.min(maxMs, initialMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}
