import type { LoggerService } from '@backstage/backend-plugin-api';
import type { EnvironmentStore } from '../database/EnvironmentStore';

/**
 * Wakes those who wait for an environment to change: at once for changes made by this
 * replica, after a poll for those made by others. The poll is one query for all
 * waiters, and none while nobody waits.
 */
export class ChangeFeed {
  private readonly environments: Pick<EnvironmentStore, 'versions'>;
  private readonly logger: LoggerService;
  private readonly pollIntervalMs: number;
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly closing = new AbortController();
  private known = new Map<string, string>();
  private timer?: NodeJS.Timeout;

  constructor(options: {
    environments: Pick<EnvironmentStore, 'versions'>;
    logger: LoggerService;
    pollIntervalMs: number;
  }) {
    this.environments = options.environments;
    this.logger = options.logger;
    this.pollIntervalMs = options.pollIntervalMs;
  }

  /** Aborts when the backend shuts down: streams end then. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Calls `listener` after each change of the environment until unsubscribed. */
  subscribe(uid: string, listener: () => void): () => void {
    const listeners = this.listeners.get(uid) ?? new Set();
    this.listeners.set(uid, listeners.add(listener));
    this.schedule();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(uid) === listeners) {
        this.listeners.delete(uid);
        this.known.delete(uid);
      }
    };
  }

  /** Tells the waiters of this replica that something was recorded. */
  notify(uid: string): void {
    for (const listener of [...(this.listeners.get(uid) ?? [])]) listener();
  }

  /**
   * Asks `isDone` now and after each change, until it answers `true` or time is up.
   * Resolves to its last answer.
   */
  async waitUntil(
    uid: string,
    isDone: () => Promise<boolean>,
    timeoutMs: number,
  ): Promise<boolean> {
    const signal = AbortSignal.any([
      this.closed,
      AbortSignal.timeout(timeoutMs),
    ]);
    const changes = this.follow(uid, signal);
    try {
      for (;;) {
        if (await isDone()) return true;
        if (!(await changes.next())) return await isDone();
      }
    } finally {
      changes.stop();
    }
  }

  /**
   * A cursor over the changes of one environment. `next` resolves to `true` when
   * something changed since it last did, to `false` once the signal aborted.
   */
  follow(uid: string, signal: AbortSignal) {
    let pending = false;
    let wake: (() => void) | undefined;
    const signalChange = () => {
      pending = true;
      wake?.();
    };
    const unsubscribe = this.subscribe(uid, signalChange);
    const onAbort = () => wake?.();
    signal.addEventListener('abort', onAbort);
    return {
      next: async (): Promise<boolean> => {
        if (!pending && !signal.aborted) {
          await new Promise<void>(resolve => {
            wake = resolve;
          });
          wake = undefined;
        }
        pending = false;
        return !signal.aborted;
      },
      stop: () => {
        unsubscribe();
        signal.removeEventListener('abort', onAbort);
      },
    };
  }

  close(): void {
    this.closing.abort();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    if (this.timer || this.closed.aborted || this.listeners.size === 0) return;
    this.timer = setTimeout(async () => {
      try {
        await this.poll();
      } catch (error) {
        this.logger.warn('Could not poll for changed environments', {
          error: String(error),
        });
      }
      this.timer = undefined;
      this.schedule();
    }, this.pollIntervalMs);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    const uids = [...this.listeners.keys()];
    const current = await this.environments.versions(uids);
    for (const uid of uids) {
      // Records that were pruned count as changed, so that their streams end.
      if (this.known.get(uid) !== current.get(uid) || !current.has(uid)) {
        this.notify(uid);
      }
    }
    this.known = current;
  }
}
