import type { Logger } from '../logging/createLogger';

/** Failed items that a line of the log names. */
const NAMED = 10;

/**
 * Does the work on each item, one after the other. One that fails keeps no other from its
 * turn, and one line of the log tells of all that failed, however many.
 */
export async function attemptEach<T>(
  items: readonly T[],
  options: {
    work(item: T): Promise<void>;
    idOf(item: T): string;
    logger: Logger;
    /** What a failure leaves, for the log. */
    left: string;
    /** Begins with no other item once it aborts. */
    signal?: AbortSignal;
  },
): Promise<void> {
  const { work, idOf, logger, left, signal } = options;
  const failed: Array<{ id: string; error: unknown }> = [];
  for (const item of items) {
    if (signal?.aborted) break;
    try {
      await work(item);
    } catch (error) {
      failed.push({ id: idOf(item), error });
    }
  }
  if (failed.length === 0) return;
  const ids = failed.slice(0, NAMED).map(({ id }) => id);
  logger.warn({ err: failed[0].error, failures: failed.length, ids }, left);
}
