import {
  type Clock,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import type { Dispatcher } from './Dispatcher';

/** Where many processes serve an environment, one that dies may not come back for long. */
const EVERY_MS = 60_000;

/** Takes up what broke off or failed: at the start, and from time to time. */
export class Recovery {
  private readonly closing = new AbortController();
  private readonly work: RepeatedWork;

  constructor(options: {
    dispatcher: Pick<Dispatcher, 'recover'>;
    clock: Clock;
    logger: Logger;
    /** Default: a minute. */
    everyMs?: number;
  }) {
    const { dispatcher, clock, logger, everyMs = EVERY_MS } = options;
    const { signal } = this.closing;
    let isFirst = true;
    this.work = new RepeatedWork({
      work() {
        // After the start, what is younger may be in the hands of whoever made it.
        const before = isFirst ? Infinity : clock.now() - everyMs;
        isFirst = false;
        return dispatcher.recover({ before, signal });
      },
      everyMs,
      onError: error =>
        logger.warn({ err: error }, 'Work that was left could not be taken up'),
    });
  }

  /** Begins at once, and never fails: the log is told what does. Nobody waits for it. */
  start(): void {
    this.work.start();
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    this.closing.abort();
    return this.work.close();
  }
}
