import {
  DependencyError,
  InvalidInputError,
  LimitExceededError,
} from '@genai-environments/service-kit';
import { CallCancelledError, Cancellation } from '../Cancellation';
import { DEFAULT_RETRY_POLICY, pause, waitBeforeRetry } from './retry';

const unavailable = new DependencyError('Gone.', {
  kind: 'unavailable',
  retryable: true,
});
const limited = (retryAfterSeconds: number) =>
  new LimitExceededError('Later.', { retryAfterSeconds });

const wait = (
  error: unknown,
  more: Partial<Parameters<typeof waitBeforeRetry>[1]> = {},
) =>
  waitBeforeRetry(error, {
    policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 10 },
    attempt: 1,
    remainingMs: 10_000,
    hasFallback: false,
    random: () => 0.5,
    ...more,
  });

describe('waitBeforeRetry', () => {
  it('waits anything up to a bound that doubles and ends', () => {
    const bound = (attempt: number) =>
      wait(unavailable, { attempt, random: () => 1 });
    expect([1, 2, 3, 6, 9].map(bound)).toEqual([100, 200, 400, 2000, 2000]);
    expect(wait(unavailable, { random: () => 0 })).toBe(0);
  });

  it('waits what the provider asks for in full, and jitter on top', () => {
    expect(wait(limited(1))).toBe(1050);
  });

  it.each([
    ['a longer wait than is held', limited(3), {}],
    [
      'a wait where another model can take over',
      limited(1),
      { hasFallback: true },
    ],
    ['a wait beyond the deadline', limited(1), { remainingMs: 1000 }],
    ['the last attempt', unavailable, { attempt: 10 }],
    ['what the caller did wrong', new InvalidInputError('No.'), {}],
    [
      'what a retry cannot help',
      new DependencyError('No.', { kind: 'failed', retryable: false }),
      {},
    ],
    [
      'a timeout',
      new DependencyError('No.', { kind: 'timeout', retryable: true }),
      {},
    ],
    ['a bug', new TypeError('x'), {}],
  ])('does not repeat after %s', (_what, error, more) => {
    expect(wait(error, more)).toBeUndefined();
  });
});

describe('pause', () => {
  it('ends at once when the caller hangs up', async () => {
    const cancellation = new Cancellation();
    const pausing = pause(60_000, cancellation);
    cancellation.cancel();
    await expect(pausing).rejects.toBeInstanceOf(CallCancelledError);
  });
});
