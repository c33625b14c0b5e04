import type { Logger } from '@genai-environments/service-kit';

/**
 * Commits in groups over a network: the first change after a commit starts a timer, and
 * one commit runs at a time. A commit that fails is logged and tried again: what was
 * pending stays so. It keeps no process from ending: who ends closes it.
 *
 * @see docs/adr/0011-one-dynamodb-table.md
 */
export class AsyncGroupCommit {
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      logger: Logger;
      /** Longest time a change stays in memory only, when nothing fails. */
      afterMs: number;
      /** What is logged when a commit fails. */
      failure: string;
      /** Writes what is pending and forgets what is written. */
      commit: () => Promise<void>;
    },
  ) {}

  schedule(): void {
    if (this.isClosed) return;
    this.timer ??= setTimeout(() => {
      this.commit().catch(error => {
        this.options.logger.error({ err: error }, this.options.failure);
        this.schedule();
      });
    }, this.options.afterMs).unref();
  }

  /** Resolves when all that was pending at the call is written. */
  commit(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const commit = () => this.options.commit();
    const turn = this.running.then(commit);
    this.running = turn.catch(() => {});
    return turn;
  }

  /** The same, and never again by itself. */
  close(): Promise<void> {
    this.isClosed = true;
    return this.commit();
  }
}
