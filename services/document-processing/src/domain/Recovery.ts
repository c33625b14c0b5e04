import {
  type Clock,
  type Logger,
  RepeatedWork,
} from '@genai-environments/service-kit';
import type { Dispatcher } from './Dispatcher';

/** Where many processes serve an environment, one that dies may not come back for long. */
const EVERY_MS = 60_000;

/** Takes up what processes that died left: at the start, and from time to time. */
export class Recovery {
  private readonly work: RepeatedWork;

  constructor(
    private readonly options: {
      dispatcher: Pick<Dispatcher, 'recover'>;
      clock: Clock;
      logger: Logger;
      /** Default: a minute. */
      everyMs?: number;
    },
  ) {
    const { dispatcher, clock, logger, everyMs = EVERY_MS } = options;
    this.work = new RepeatedWork({
      work: () => dispatcher.recover(clock.now() - everyMs),
      everyMs,
      onError: error =>
        logger.warn({ err: error }, 'Work that was left could not be taken up'),
    });
  }

  async start(): Promise<void> {
    await this.options.dispatcher.recover();
    this.work.start({ first: 'wait' });
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return this.work.close();
  }
}
