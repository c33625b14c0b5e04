import type { Logger } from '@genai-environments/service-kit';

/**
 * Commits in groups: the first change after a commit starts a timer. A commit that fails
 * is logged and tried again: what was pending stays so. It keeps no process from ending:
 * who ends closes it.
 *
 * @see docs/adr/0005-usage-group-commit.md
 */
export class GroupCommit {
  private readonly afterMs: number;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly options: {
      logger: Logger;
      /** Longest time a change stays in memory only; default 50. */
      afterMs?: number;
      /** What is logged when a commit fails. */
      failure: string;
      /** Writes what is pending, all or nothing, and forgets it. */
      commit: () => void;
    },
  ) {
    this.afterMs = options.afterMs ?? 50;
  }

  schedule(): void {
    if (this.isClosed) return;
    this.timer ??= setTimeout(() => {
      try {
        this.commit();
      } catch (error) {
        this.options.logger.error({ err: error }, this.options.failure);
        this.schedule();
      }
    }, this.afterMs).unref();
  }

  /** At once. */
  commit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.options.commit();
  }

  /** Commits at once, and never again by itself. */
  close(): void {
    this.isClosed = true;
    this.commit();
  }
}
