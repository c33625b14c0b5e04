import { isError } from '@backstage/errors';
import type { ScaffolderService } from '@backstage/plugin-scaffolder-node';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiActionOptions, TaskContext } from './dependencies';

const POLL_MS = 500;
/** Steps that follow are short; one that never ends is not waited for. */
const GIVE_UP_AFTER_MS = 10 * 60_000;

/** What waits for a cancellation, by the run of the task. */
const waiting = new WeakMap<AbortSignal, Set<string>>();

/** Does something when a run of a task is cancelled: once for each key, whichever steps ask. */
export function onceCancelled(
  signal: AbortSignal | undefined,
  key: string,
  act: () => Promise<void>,
): void {
  if (!signal) return;
  const keys = waiting.get(signal) ?? new Set();
  if (keys.has(key)) return;
  waiting.set(signal, keys.add(key));
  signal.addEventListener('abort', act, { once: true });
}

/**
 * Waits for the end of a task that is being cancelled. The scaffolder passes a
 * cancellation on within a second, so the task can have completed in the meantime: whoever
 * cancelled it then has what was asked for.
 *
 * @returns whether it ended without completing. `false`, with a line in the task's log,
 * when that cannot be found out.
 */
export async function endedInVain(options: {
  ctx: TaskContext;
  scaffolder: Pick<ScaffolderService, 'getTask'>;
  timings?: ApiActionOptions['timings'];
}): Promise<boolean> {
  const { ctx, scaffolder, timings } = options;
  try {
    const credentials = await ctx.getInitiatorCredentials();
    const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
    for (;;) {
      const { status } = await scaffolder.getTask(
        { taskId: ctx.task.id },
        { credentials },
      );
      if (status !== 'open' && status !== 'processing') {
        return status !== 'completed';
      }
      await delay(timings?.taskPollMs ?? POLL_MS, undefined, { signal });
    }
  } catch (error) {
    ctx.logger.warn(
      `Cancelled, but how the task ended is unknown (${
        isError(error) ? error.message : error
      }). Its environment was left as it is; tear it down on its page when nobody needs it.`,
    );
    return false;
  }
}
