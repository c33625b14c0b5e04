import type { LoggerService } from '@backstage/backend-plugin-api';
import type {
  Provisioner,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type {
  Lease,
  LeasedWork,
  LeaseStore,
  StepRecord,
} from '../database/LeaseStore';
import { BackoffOptions, backoffMs } from './backoff';

/** Steps in a row before an environment lets others have its place. */
const MAX_STEPS_PER_LEASE = 50;

export type LeaseWorkerOptions = {
  leases: LeaseStore;
  provisioners: ReadonlyMap<string, Provisioner>;
  logger: LoggerService;
  leaseTtlMs: number;
  stepTimeoutMs: number;
  backoff: BackoffOptions;
  /** Called after each commit. */
  onRecorded: (record: StepRecord) => void;
};

/** Takes one leased environment step by step toward what it shall be. */
export class LeaseWorker {
  private readonly abort = new AbortController();
  private stopping = false;

  constructor(
    private readonly lease: Lease,
    private readonly options: LeaseWorkerOptions,
  ) {}

  /** Asks the step under way to end soon; the lease is released afterwards. */
  stop(): void {
    this.stopping = true;
    this.abort.abort(new Error('The backend shuts down.'));
  }

  /** Works until nothing is to be done at once. Resolves to when to look again. */
  async run(): Promise<number | undefined> {
    const { leases, logger } = this.options;
    const stopHeartbeat = this.startHeartbeat();
    try {
      let last: StepRecord | undefined;
      for (let step = 0; step < MAX_STEPS_PER_LEASE; step++) {
        last = await this.step();
        if (!last || !this.continuesAtOnce(last)) break;
      }
      return last?.nextReconcileAt;
    } finally {
      stopHeartbeat();
      await leases.release(this.lease).catch(error => {
        logger.warn(
          `Could not release the lease of environment ${this.lease.name}; it expires by itself`,
          { error: String(error) },
        );
      });
    }
  }

  /** `undefined`: stop here. */
  private async step(): Promise<StepRecord | undefined> {
    const { leases } = this.options;
    if (this.abort.signal.aborted) return undefined;
    const work = await leases.load(this.lease);
    if (!work) return this.lost();

    let outcome: ReconcileOutcome | undefined;
    let failure: unknown;
    try {
      outcome = await this.reconcile(work);
    } catch (error) {
      // Whatever an aborted step throws says nothing about the environment.
      if (this.abort.signal.aborted) return undefined;
      failure = error;
    }
    const record = outcome
      ? await leases.recordOutcome(this.lease, work, outcome)
      : await this.recordFailure(work, failure);
    if (!record) return this.lost();
    this.options.onRecorded(record);
    return record;
  }

  private async reconcile(work: LeasedWork): Promise<ReconcileOutcome> {
    const { provisioners, logger, stepTimeoutMs } = this.options;
    const { spec } = work.desired;
    const provisioner = provisioners.get(spec.provisioner);
    if (!provisioner) {
      throw new Error(
        `The provisioner "${spec.provisioner}" is not installed in this portal, so the environment can be neither looked at nor changed. Add its backend module again.`,
      );
    }
    const timeout = AbortSignal.timeout(stepTimeoutMs);
    const outcome = await provisioner.reconcile(work.desired, {
      logger: logger.child({ environment: work.row.name }),
      signal: AbortSignal.any([this.abort.signal, timeout]),
    });
    if (outcome.phase === 'Deleted' && !work.desired.deletionRequested) {
      throw new Error(
        `The provisioner "${spec.provisioner}" reported the environment as deleted although nobody asked for that.`,
      );
    }
    return outcome;
  }

  private async recordFailure(work: LeasedWork, error: unknown) {
    const { leases, logger, backoff } = this.options;
    const failures = work.row.failures + 1;
    const retryAfterMs = backoffMs(failures, backoff);
    logger.warn(
      `Reconciling environment ${this.lease.name} failed (attempt ${failures}), next in ${retryAfterMs} ms`,
      { error: String(error) },
    );
    return leases.recordFailure(this.lease, work, { error, retryAfterMs });
  }

  private continuesAtOnce(record: StepRecord): boolean {
    return (
      !this.stopping &&
      record.nextReconcileAt !== undefined &&
      record.nextReconcileAt <= record.recordedAt
    );
  }

  private lost(): undefined {
    this.abort.abort(
      new Error('Another replica of the backend took this environment over.'),
    );
    return undefined;
  }

  private startHeartbeat(): () => void {
    const { leases, leaseTtlMs, logger } = this.options;
    let lastRenewal = Date.now();
    const timer = setInterval(async () => {
      try {
        if (!(await leases.renew(this.lease))) this.lost();
        else lastRenewal = Date.now();
      } catch (error) {
        logger.warn(
          `Could not renew the lease of environment ${this.lease.name}`,
          { error: String(error) },
        );
        if (Date.now() - lastRenewal >= leaseTtlMs) this.lost();
      }
    }, leaseTtlMs / 3);
    timer.unref();
    return () => clearInterval(timer);
  }
}
