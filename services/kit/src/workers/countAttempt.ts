import {
  DependencyError,
  DomainError,
  isFinal,
  LimitExceededError,
} from '../errors';
import type { Delivery } from './Worker';

/**
 * For the worker of work that counts its failures by {@link countAttempt}. Its deliveries are
 * then those of processes that died, most often for reasons that are not in the work.
 */
export const COUNTED_WORK_DELIVERIES = 20;

/** Work that fails so often is given up. */
const MAX_FAILURES = 5;

/**
 * Deliveries after which work is given up because something else is out of order. With the
 * waits of `QueueWorker` that is eight minutes, in which a model server can be restarted.
 */
const MAX_OUTAGES = 10;

/**
 * Does work whose failures are counted apart from deliveries. Work that breaks off because
 * `signal` aborts is no failure, nor is a limit that leaves room again, nor an outage, which
 * is none of the work's and has its deliveries.
 *
 * @throws what the work throws; after the last attempt an error that says the same and is
 * not to be tried again
 */
export async function countAttempt<R>(
  work: () => Promise<R>,
  options: {
    /** Records a failure; resolves to how many there were by now. */
    countFailure(): Promise<number>;
  } & Delivery,
): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (options.signal.aborted || isFinal(error) || isPassingLimit(error)) {
      throw error;
    }
    const isLast = isOutage(error)
      ? options.deliveries >= MAX_OUTAGES
      : (await options.countFailure()) >= MAX_FAILURES;
    throw isLast ? toFinal(error) : error;
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof DependencyError && error.kind === 'unavailable';
}

/** Whether the same may pass as soon as the limit leaves room again. */
export function isPassingLimit(error: unknown): error is LimitExceededError {
  return error instanceof LimitExceededError && error.retryable;
}

/** The same, not to be tried again; only messages of domain errors are for callers. */
function toFinal(cause: unknown): Error {
  if (cause instanceof DomainError) {
    return new DependencyError(cause.message, {
      kind: 'failed',
      retryable: false,
      code: cause.code,
      cause,
    });
  }
  const error = new Error('It failed too often', { cause });
  return Object.assign(error, { retryable: false });
}
