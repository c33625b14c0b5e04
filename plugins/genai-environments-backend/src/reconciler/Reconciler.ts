import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Provisioner } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { Lease, LeaseStore, StepRecord } from '../database/LeaseStore';
import type { BackoffOptions } from './backoff';
import { LeaseWorker } from './LeaseWorker';

export type ReconcilerOptions = {
  environments: Pick<EnvironmentStore, 'hint'>;
  leases: LeaseStore;
  provisioners: ReadonlyMap<string, Provisioner>;
  logger: LoggerService;
  now: () => number;
  /** Environments worked on at the same time by this replica. */
  concurrency: number;
  /** How often to look for work that other replicas left or asked for. */
  pollIntervalMs: number;
  leaseTtlMs: number;
  /** When the signal of a single step aborts. */
  stepTimeoutMs: number;
  /** How long {@link Reconciler.stop} waits for steps under way. */
  shutdownTimeoutMs: number;
  backoff: BackoffOptions;
  onRecorded: (record: StepRecord) => void;
};

/**
 * Level-triggered loop: takes due environments under a lease and lets their
 * provisioner look and act. Its cost follows what is due, not what exists.
 *
 * @see docs/adr/0002-level-triggered-reconciler.md
 */
export class Reconciler {
  private readonly workers = new Map<LeaseWorker, Promise<void>>();
  private readonly hinted = new Set<string>();
  private timer?: { handle: NodeJS.Timeout; at: number };
  private polling?: Promise<void>;
  private pollAgain = false;
  private running = false;

  constructor(private readonly options: ReconcilerOptions) {}

  start(): void {
    this.running = true;
    for (const provisioner of this.options.provisioners.values()) {
      provisioner.subscribe?.(uid => this.hint(uid));
    }
    this.wake();
  }

  /** Looks for due environments now instead of at the next poll. */
  wake(): void {
    if (!this.running) return;
    if (this.polling) {
      this.pollAgain = true;
      return;
    }
    this.polling = this.poll().finally(() => {
      this.polling = undefined;
      if (this.pollAgain) {
        this.pollAgain = false;
        this.wake();
      }
    });
  }

  /**
   * Takes nothing more, aborts the steps under way, and releases their leases. A step
   * that does not end in time keeps its lease until that expires.
   */
  async stop(): Promise<void> {
    this.running = false;
    if (this.timer) clearTimeout(this.timer.handle);
    this.timer = undefined;
    await this.polling;
    for (const worker of this.workers.keys()) worker.stop();

    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<void>(resolve => {
      timer = setTimeout(resolve, this.options.shutdownTimeoutMs);
    });
    await Promise.race([Promise.allSettled(this.workers.values()), timeUp]);
    clearTimeout(timer);
    if (this.workers.size > 0) {
      this.options.logger.warn(
        `${this.workers.size} steps did not end in time; another replica takes over when their leases expire`,
      );
    }
  }

  private hint(uid: string): void {
    if (!this.running) return;
    this.hinted.add(uid);
    this.wake();
  }

  private async poll(): Promise<void> {
    const { leases, logger, concurrency, pollIntervalMs, now } = this.options;
    try {
      await this.recordHints();
      const free = concurrency - this.workers.size;
      if (free > 0) {
        for (const lease of await leases.takeDue(free)) this.work(lease);
      }
    } catch (error) {
      logger.warn('Could not look for due environments', {
        error: String(error),
      });
    }
    this.wakeAt(now() + pollIntervalMs);
  }

  private async recordHints(): Promise<void> {
    if (this.hinted.size === 0) return;
    const uids = [...this.hinted];
    this.hinted.clear();
    try {
      await this.options.environments.hint(uids);
    } catch (error) {
      // With the next poll: nobody else knows that these crashed.
      for (const uid of uids) this.hinted.add(uid);
      throw error;
    }
  }

  private work(lease: Lease): void {
    const worker = new LeaseWorker(lease, this.options);
    const done = worker
      .run()
      .catch(error => {
        this.options.logger.error(
          `Could not record the state of environment ${lease.name}`,
          error,
        );
        return undefined;
      })
      .then(nextReconcileAt => {
        const wasFull = this.workers.size >= this.options.concurrency;
        this.workers.delete(worker);
        if (wasFull) this.wake();
        if (nextReconcileAt !== undefined) this.wakeAt(nextReconcileAt);
      });
    this.workers.set(worker, done);
  }

  /** Keeps one timer, for the earliest time asked for. */
  private wakeAt(at: number): void {
    if (!this.running) return;
    if (this.timer && this.timer.at <= at) return;
    if (this.timer) clearTimeout(this.timer.handle);
    const handle = setTimeout(() => {
      this.timer = undefined;
      this.wake();
    }, Math.max(0, at - this.options.now()));
    handle.unref();
    this.timer = { handle, at };
  }
}
