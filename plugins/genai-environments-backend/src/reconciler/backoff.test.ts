import { backoffMs } from './backoff';

describe('backoffMs', () => {
  const delays = (random: number) =>
    [1, 2, 3, 7, 50].map(failures =>
      backoffMs(failures, {
        initialMs: 1_000,
        maxMs: 60_000,
        random: () => random,
      }),
    );

  it('doubles up to the cap, with the upper half random', () => {
    expect(delays(0)).toEqual([500, 1_000, 2_000, 30_000, 30_000]);
    expect(delays(0.999999)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  });
});
