import { type Logger, RepeatedWork } from '@genai-environments/service-kit';
import type { HealthByService, TaskBoard } from './TaskBoard';

const EVERY_MS = 10_000;

/** Tells the other tasks of the environment, again and again, how the services of this one are. */
export class HealthReporter {
  private isStarted = false;
  private readonly telling = new RepeatedWork({
    work: () => this.tellHealth(),
    everyMs: EVERY_MS,
    onError: (error, { isRepeated }) => {
      if (!isRepeated) this.tell(error, 'Health was not told other tasks');
    },
  });

  constructor(
    private readonly options: {
      board: TaskBoard;
      health: () => Promise<HealthByService>;
      logger: Logger;
    },
  ) {}

  start(): void {
    this.isStarted = true;
    this.telling.start();
  }

  async close(): Promise<void> {
    await this.telling.close();
    if (!this.isStarted) return;
    await this.options.board
      .withdraw()
      .catch(error => this.tell(error, 'The end of this task was not told'));
  }

  private async tellHealth(): Promise<void> {
    const { board, health } = this.options;
    await board.report(await health());
  }

  private tell(error: unknown, what: string): void {
    this.options.logger.warn({ err: error }, what);
  }
}
