import type { Clock, Logger } from '@genai-environments/service-kit';
import type { Dispatcher } from './Dispatcher';

/** Where many processes serve an environment, one that dies may not come back for long. */
const EVERY_MS = 60_000;

/** Takes up what processes that died left: at the start, and from time to time. */
export class Recovery {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      dispatcher: Pick<Dispatcher, 'recover'>;
      clock: Clock;
      logger: Logger;
      /** Default: a minute. */
      everyMs?: number;
    },
  ) {}

  async start(): Promise<void> {
    const { dispatcher, everyMs = EVERY_MS } = this.options;
    await dispatcher.recover();
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.recover());
    }, everyMs);
    this.timer.unref();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async recover(): Promise<void> {
    const { dispatcher, clock, logger, everyMs = EVERY_MS } = this.options;
    try {
      await dispatcher.recover(clock.now() - everyMs);
    } catch (error) {
      logger.warn({ err: error }, 'Work that was left could not be taken up');
    }
  }
}
