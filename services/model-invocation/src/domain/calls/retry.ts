import {
  DependencyError,
  LimitExceededError,
} from '@genai-environments/service-kit';
import { CallCancelledError, type Cancellation } from '../Cancellation';

/** When a call that failed before its first byte is made again. */
export type RetryPolicy = {
  /** Calls of one model, the first included. */
  maxAttempts: number;
  /** Upper bound of the first wait; doubles with each. */
  baseDelayMs: number;
  /** Upper bound of every wait. A provider that asks for a longer one is not asked again. */
  maxDelayMs: number;
  /** After this time from the first attempt none begins any more, on whichever model. */
  deadlineMs: number;
};

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 30_000,
};

/** Where a failed call stands. */
export type RetrySituation = {
  policy: RetryPolicy;
  /** Attempts made on this model. */
  attempt: number;
  /** Until the deadline. */
  remainingMs: number;
  /** Another model can take over. */
  hasFallback: boolean;
  /** From 0 up to 1. */
  random: () => number;
};

/**
 * How long to wait before the same model is asked again; `undefined` to let it be.
 *
 * Full jitter: any time up to the bound, so that callers that failed together do not come
 * back together. What the provider asked for by `Retry-After` is waited in full and the
 * jitter comes on top; where another model can take over, nobody waits for that.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function waitBeforeRetry(
  error: unknown,
  situation: RetrySituation,
): number | undefined {
  const { policy, attempt, remainingMs, hasFallback, random } = situation;
  if (attempt >= policy.maxAttempts || !isWorthRepeating(error)) {
    return undefined;
  }
  const askedMs = retryAfterMsOf(error);
  if (askedMs > policy.maxDelayMs || (askedMs > 0 && hasFallback)) {
    return undefined;
  }
  const boundMs = policy.baseDelayMs * 2 ** (attempt - 1);
  const waitMs = askedMs + random() * Math.min(boundMs, policy.maxDelayMs);
  return waitMs < remainingMs ? waitMs : undefined;
}

/** Whether another model may succeed where this one failed. */
export function isWorthAnotherModel(error: unknown): boolean {
  return (
    error instanceof DependencyError || error instanceof LimitExceededError
  );
}

/** Ends early, rejecting, when the caller hangs up. */
export function pause(ms: number, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    cancellation.onCancel(() => {
      clearTimeout(timer);
      reject(new CallCancelledError());
    });
  });
}

/** A timeout has cost the caller enough time already. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof LimitExceededError) return true;
  return (
    error instanceof DependencyError &&
    error.retryable &&
    error.kind !== 'timeout'
  );
}

function retryAfterMsOf(error: unknown): number {
  const { retryAfterSeconds = 0 } = error as { retryAfterSeconds?: number };
  return retryAfterSeconds * 1000;
}
