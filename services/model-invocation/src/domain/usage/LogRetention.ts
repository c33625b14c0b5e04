import {
  type Clock,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import type { InvocationLog } from '../../ports/InvocationLog';

const DAY_MS = 86_400_000;
const SLICE = 2000;

/** Keeps the invocation log as long as its owner wants, and no longer. */
export class LogRetention {
  private readonly work: RepeatedWork<number>;
  private closed = false;

  constructor(
    private readonly options: {
      log: InvocationLog;
      clock: Clock;
      logger: Logger;
      /** Days a call is kept; default 30. */
      days?: number;
      /** Time between two looks; default 1 h. */
      intervalMs?: number;
    },
  ) {
    this.work = new RepeatedWork({
      work: () => this.removeAll(),
      everyMs: options.intervalMs ?? 3_600_000,
      onError: error =>
        options.logger.error(
          { err: error },
          'Old calls could not be removed from the invocation log',
        ),
    });
  }

  start(): void {
    this.work.start();
  }

  /**
   * Removes what is too old, in slices between which other work gets its turn.
   *
   * @returns how many calls were removed
   */
  run(): Promise<number> {
    return this.work.run();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.work.close();
  }

  private async removeAll(): Promise<number> {
    const { log, clock, days = 30 } = this.options;
    const before = clock.now() - days * DAY_MS;
    let removed = 0;
    while (!this.closed) {
      const slice = await log.deleteOlder(before, SLICE);
      removed += slice;
      if (slice < SLICE) break;
      await new Promise(resolve => setImmediate(resolve));
    }
    return removed;
  }
}
