import type {
  DesiredEnvironment,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Knex } from 'knex';
import { applyFailure, applyOutcome, Recorded } from '../reconciler/outcome';
import {
  loadDesiredApplications,
  recordObservedApplications,
} from './ApplicationStore';
import { lockEnvironment, writeChange } from './EnvironmentStore';
import { EnvironmentRow, toStatus } from './rows';

/** The right to reconcile one environment, until it is lost or released. */
export type Lease = { uid: string; name: string; owner: string; epoch: number };

/** What a leased environment shall be, and the wishes that this took into account. */
export type LeasedWork = {
  row: EnvironmentRow;
  desired: DesiredEnvironment;
  removedApplicationIds: string[];
};

/** What was recorded; `undefined` in its place means that the lease was lost. */
export type StepRecord = {
  row: EnvironmentRow;
  /** Whether readers see something new. */
  changed: boolean;
  /** In epoch milliseconds. */
  recordedAt: number;
  /** When to look again, in epoch milliseconds; absent: never. */
  nextReconcileAt?: number;
};

/**
 * Leases of environments. Each write checks the lease's epoch under the row's lock, so
 * a replica that was thought dead cannot overwrite what its successor recorded.
 */
export class LeaseStore {
  private readonly knex: Knex;
  private readonly now: () => number;
  private readonly owner: string;
  private readonly ttlMs: number;

  constructor(options: {
    knex: Knex;
    now: () => number;
    owner: string;
    ttlMs: number;
  }) {
    this.knex = options.knex;
    this.now = options.now;
    this.owner = options.owner;
    this.ttlMs = options.ttlMs;
  }

  /** Leases at most `limit` due environments, those longest due first. */
  async takeDue(limit: number): Promise<Lease[]> {
    const now = this.now();
    const isFree = (query: Knex.QueryBuilder) =>
      query
        .whereNull('lease_expires_at')
        .orWhere('lease_expires_at', '<=', now);
    const candidates = await this.knex<EnvironmentRow>('environments')
      .where('next_reconcile_at', '<=', now)
      .andWhere(isFree)
      .orderBy('next_reconcile_at')
      .limit(limit)
      .select('uid', 'name', 'lease_epoch');

    const leases: Lease[] = [];
    for (const candidate of candidates) {
      const epoch = candidate.lease_epoch + 1;
      const taken = await this.knex('environments')
        .where({ uid: candidate.uid, lease_epoch: candidate.lease_epoch })
        .andWhere('next_reconcile_at', '<=', now)
        .andWhere(isFree)
        .update({
          lease_owner: this.owner,
          lease_epoch: epoch,
          lease_expires_at: now + this.ttlMs,
        });
      if (taken === 1) {
        leases.push({
          uid: candidate.uid,
          name: candidate.name,
          owner: this.owner,
          epoch,
        });
      }
    }
    return leases;
  }

  /** The heartbeat. `false`: the lease is lost. */
  async renew(lease: Lease): Promise<boolean> {
    const renewed = await this.knex('environments')
      .where(ownedBy(lease))
      .update({ lease_expires_at: this.now() + this.ttlMs });
    return renewed === 1;
  }

  async release(lease: Lease): Promise<void> {
    await this.knex('environments')
      .where(ownedBy(lease))
      .update({ lease_owner: null, lease_expires_at: null });
  }

  /** What the leased environment shall be; `undefined` when the lease is lost. */
  async load(lease: Lease): Promise<LeasedWork | undefined> {
    return this.knex.transaction(async tx => {
      const row = await this.lockOwned(tx, lease);
      if (!row) return undefined;
      const applications = await loadDesiredApplications(tx, row.uid);
      return {
        row,
        removedApplicationIds: applications.removedIds,
        desired: {
          uid: row.uid,
          name: row.name,
          owner: row.owner,
          generation: row.generation,
          spec: JSON.parse(row.spec),
          deletionRequested: row.deletion_requested_at !== null,
          applications: applications.desired,
          applicationsObserved: applications.observed,
          status: toStatus(row),
        },
      };
    });
  }

  /** Records what a step saw, with its events, in one transaction. */
  async recordOutcome(
    lease: Lease,
    work: LeasedWork,
    outcome: ReconcileOutcome,
  ): Promise<StepRecord | undefined> {
    return this.record(
      lease,
      work,
      0,
      outcome.requeueAfterMs,
      async options => {
        const isSettled =
          outcome.phase === 'Ready' ||
          outcome.phase === 'Degraded' ||
          outcome.phase === 'Hibernated';
        const applicationsChanged = await recordObservedApplications(
          options.tx,
          {
            environmentUid: work.row.uid,
            observed: outcome.applications,
            removedIds: isSettled ? work.removedApplicationIds : [],
          },
        );
        const recorded = applyOutcome(options.row, outcome, options.now);
        return { recorded, force: applicationsChanged > 0 };
      },
    );
  }

  /** Records that a step threw. */
  async recordFailure(
    lease: Lease,
    work: LeasedWork,
    failure: { error: unknown; retryAfterMs: number },
  ): Promise<StepRecord | undefined> {
    return this.record(
      lease,
      work,
      work.row.failures + 1,
      failure.retryAfterMs,
      async options => ({
        recorded: applyFailure(options.row, failure.error, options.now),
        force: false,
      }),
    );
  }

  private async record(
    lease: Lease,
    work: LeasedWork,
    failures: number,
    requeueAfterMs: number,
    apply: (options: {
      tx: Knex.Transaction;
      row: EnvironmentRow;
      now: number;
    }) => Promise<{ recorded: Recorded; force: boolean }>,
  ): Promise<StepRecord | undefined> {
    return this.knex.transaction(async tx => {
      const row = await this.lockOwned(tx, lease);
      if (!row) return undefined;
      const now = this.now();
      const { recorded, force } = await apply({ tx, row, now });

      // A wish that arrived during the step is not answered by it.
      const isStale = row.wake_count !== work.row.wake_count;
      const isDeleted = recorded.status.phase === 'Deleted';
      const next = isStale ? now : now + Math.max(0, requeueAfterMs);
      const set: Partial<EnvironmentRow> = {
        failures: isStale ? row.failures : failures,
        next_reconcile_at: isDeleted ? null : next,
      };
      const status = JSON.stringify(recorded.status);
      const changed =
        force || status !== row.status || recorded.events.length > 0;
      const nextReconcileAt = isDeleted ? undefined : next;
      if (!changed) {
        await tx('environments').where('uid', row.uid).update(set);
        return {
          row: { ...row, ...set },
          changed,
          recordedAt: now,
          nextReconcileAt,
        };
      }

      set.status = status;
      set.phase = recorded.status.phase;
      set.observed_generation = recorded.status.observedGeneration;
      if (isDeleted) {
        set.active_name = null;
        set.deleted_at = now;
        set.expires_at = null;
        set.expiry_warning_at = null;
        await tx('applications').where('environment_uid', row.uid).delete();
      }
      const events = recorded.events;
      const written = await writeChange(tx, row, { set, events }, now);
      return { row: written, changed, recordedAt: now, nextReconcileAt };
    });
  }

  private async lockOwned(
    tx: Knex.Transaction,
    lease: Lease,
  ): Promise<EnvironmentRow | undefined> {
    const row = await lockEnvironment(tx, lease.uid);
    return row?.lease_owner === lease.owner && row.lease_epoch === lease.epoch
      ? row
      : undefined;
  }
}

function ownedBy(lease: Lease) {
  return { uid: lease.uid, lease_owner: lease.owner, lease_epoch: lease.epoch };
}
