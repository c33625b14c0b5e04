import type { Logger } from '@genai-environments/service-kit';
import type { HealthByService, TaskBoard } from './TaskBoard';

const EVERY_MS = 10_000;

/** Tells the other tasks of the environment, again and again, how the services of this one are. */
export class HealthReporter {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly options: {
      board: TaskBoard;
      health: () => Promise<HealthByService>;
      logger: Logger;
    },
  ) {}

  start(): void {
    this.timer ??= setInterval(() => void this.report(), EVERY_MS).unref();
    void this.report();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    if (!this.timer) return;
    await this.options.board
      .withdraw()
      .catch(error => this.tell(error, 'The end of this task was not told'));
  }

  private report(): Promise<void> {
    this.running ??= this.tellHealth().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async tellHealth(): Promise<void> {
    const { board, health } = this.options;
    try {
      await board.report(await health());
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.tell(error, 'Health was not told other tasks');
      this.isFailing = true;
    }
  }

  private tell(error: unknown, what: string): void {
    this.options.logger.warn({ err: error }, what);
  }
}
