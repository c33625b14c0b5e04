import { setTimeout as delay } from 'node:timers/promises';
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { DependencyError, DomainError } from '../../errors';
import { toDependencyError } from './awsErrors';

const MAX_ATTEMPTS = 12;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/** Codes of a transaction that may pass when it is made again. */
const PASSING =
  /TransactionConflict|Throttling|ProvisionedThroughputExceeded|RequestLimitExceeded/;
const IN_PROGRESS = 'TransactionInProgressException';

/**
 * Does work until it succeeds, with growing random pauses: whoever competes for an item
 * meets less often.
 *
 * @param options.attempt - answers `undefined` to be called again
 * @throws DependencyError (`busy`), retryable, when it never succeeds
 */
export async function insist<R>(options: {
  attempt: () => Promise<R | undefined>;
  maxAttempts?: number;
}): Promise<R> {
  const { attempt, maxAttempts = MAX_ATTEMPTS } = options;
  for (let count = 0; count < maxAttempts; count++) {
    if (count > 0) await delay(Math.random() * pauseMs(count));
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new DependencyError(
    'The records of this environment are changed by many at once just now. Try again shortly.',
    {
      kind: 'unavailable',
      retryable: true,
      retryAfterSeconds: 1,
      code: 'busy',
    },
  );
}

function pauseMs(count: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** count);
}

/** Why a transaction was not made; `undefined` when the error is another one. */
export function cancellationReasons(
  error: unknown,
): CancellationReason[] | undefined {
  return (error as { CancellationReasons?: CancellationReason[] })
    ?.CancellationReasons;
}

/** Whether a transaction lost against another one, or met a partition that was busy. */
export function mayPassLater(error: unknown): boolean {
  const reasons = cancellationReasons(error) ?? [];
  return (
    (error as Error).name === IN_PROGRESS ||
    reasons.some(({ Code = '' }) => PASSING.test(Code))
  );
}

/** Does work of the SDK; what it throws becomes an error of the port. */
export async function explained<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw toDependencyError(error, { what: "The environment's table" });
  }
}
