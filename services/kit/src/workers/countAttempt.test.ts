import {
  countAttempt,
  DependencyError,
  InvalidInputError,
  LimitExceededError,
} from '..';

describe('countAttempt', () => {
  const fail = async (
    error: unknown,
    failures: number,
    {
      signal,
      deliveries = 1,
    }: { signal?: AbortSignal; deliveries?: number } = {},
  ) => {
    const countFailure = jest.fn(async () => failures);
    const thrown = await countAttempt(async () => Promise.reject(error), {
      signal: signal ?? new AbortController().signal,
      ...{ deliveries, countFailure },
    }).catch(reason => reason);
    return { thrown, counted: countFailure.mock.calls.length };
  };
  const busy = new DependencyError('The model is busy.', {
    kind: 'unavailable',
    retryable: true,
  });

  it('hands on what succeeded', async () => {
    const countFailure = jest.fn();
    const { signal } = new AbortController();
    expect(
      await countAttempt(async () => 7, {
        signal,
        deliveries: 1,
        countFailure,
      }),
    ).toBe(7);
    expect(countFailure).not.toHaveBeenCalled();
  });

  it('lets a failure be tried again, but the fifth', async () => {
    const broken = new Error('Broken');
    expect(await fail(broken, 4)).toEqual({ thrown: broken, counted: 1 });
    expect(await fail(broken, 5)).toMatchObject({
      thrown: { retryable: false, cause: broken },
      counted: 1,
    });
  });

  it('waits longer for what others have to mend, and counts no failure then', async () => {
    const waits = { thrown: busy, counted: 0 };
    expect(await fail(busy, 5, { deliveries: 9 })).toEqual(waits);
    expect(await fail(busy, 0, { deliveries: 10 })).toMatchObject({
      thrown: { message: 'The model is busy.', retryable: false, cause: busy },
      counted: 0,
    });
  });

  it('does not count a stop, a limit, or what is final', async () => {
    const stopped = AbortSignal.abort();
    expect(await fail(busy, 5, { signal: stopped })).toEqual({
      thrown: busy,
      counted: 0,
    });
    for (const retryable of [true, false]) {
      const limit = new LimitExceededError('Too many requests.', {
        retryAfterSeconds: 9,
        retryable,
      });
      expect(await fail(limit, 5)).toEqual({ thrown: limit, counted: 0 });
    }
    const wrong = new InvalidInputError('No such model.');
    expect(await fail(wrong, 5)).toEqual({ thrown: wrong, counted: 0 });
  });
});
