import type { Logger } from '../logging/createLogger';
import type { Clock } from '../time';
import { RepeatedWork } from './RepeatedWork';

/** Where many processes serve an environment, one that dies may not come back for long. */
const EVERY_MS = 60_000;

/** One kind of work that a crash or a failure may leave undone. */
export type LeftWork = {
  /** For the log. */
  name: string;
  /**
   * Does what is left.
   *
   * @param options.before - only what was begun before that time: somebody may be at the
   *   rest just now
   * @param options.signal - begins with nothing more once it aborts
   */
  resume(options: { before: number; signal: AbortSignal }): Promise<void>;
};

/**
 * Takes up what broke off or failed: at the start, and from time to time. Kinds of work do
 * not wait for each other, and nobody waits for them.
 */
export class Recovery {
  private readonly closing = new AbortController();
  private readonly works: RepeatedWork[];

  constructor(
    works: readonly LeftWork[],
    private readonly options: {
      clock: Clock;
      logger: Logger;
      /** Default: a minute. */
      everyMs?: number;
    },
  ) {
    this.works = works.map(work => this.repeat(work));
  }

  /** Begins at once, and never fails: the log is told what does. */
  start(): void {
    for (const work of this.works) work.start();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.works.map(work => work.close()));
  }

  private repeat({ name, resume }: LeftWork): RepeatedWork {
    const { clock, logger, everyMs = EVERY_MS } = this.options;
    const { signal } = this.closing;
    let isFirst = true;
    return new RepeatedWork({
      work() {
        // At the start nobody of this process is at anything.
        const before = isFirst ? Infinity : clock.now() - everyMs;
        isFirst = false;
        return resume({ before, signal });
      },
      everyMs,
      onError: error =>
        logger.warn(
          { err: error, work: name },
          'Work that was left could not be taken up',
        ),
    });
  }
}
