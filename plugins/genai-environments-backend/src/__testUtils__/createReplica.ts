import { mockServices } from '@backstage/backend-test-utils';
import { EventEmitter, once } from 'node:events';
import type { Knex } from 'knex';
import { EnvironmentStore } from '../database/EnvironmentStore';
import { Lease, LeaseStore } from '../database/LeaseStore';
import { EnvironmentRow, toEnvironment } from '../database/rows';
import { Reconciler } from '../reconciler/Reconciler';
import { newEnvironment } from '../service/admission';
import { FakeProvisioner, FakeWorld } from './FakeProvisioner';
import { createRequest } from './startPlugin';

/** A lease store that can be cut off from the database as SIGKILL would. */
class MortalLeaseStore extends LeaseStore {
  isDead = false;

  override takeDue(limit: number) {
    return this.isDead ? Promise.resolve([]) : super.takeDue(limit);
  }
  override renew(lease: Lease) {
    return this.isDead ? new Promise<boolean>(() => {}) : super.renew(lease);
  }
  override release(lease: Lease) {
    return this.isDead ? Promise.resolve() : super.release(lease);
  }
}

/** Migrates nothing: the reconciler of one backend replica on a database. */
export function createReplica(options: {
  knex: Knex;
  name?: string;
  world?: FakeWorld;
  leaseTtlMs?: number;
  stepTimeoutMs?: number;
  concurrency?: number;
  now?: () => number;
}) {
  const { knex, now = Date.now, leaseTtlMs = 300 } = options;
  const provisioner = new FakeProvisioner({ world: options.world });
  const environments = new EnvironmentStore({ knex, now });
  const owner = options.name ?? 'replica';
  const leases = new MortalLeaseStore({ knex, now, owner, ttlMs: leaseTtlMs });
  const records: EnvironmentRow[] = [];
  const recorded = new EventEmitter().setMaxListeners(100);
  const reconciler = new Reconciler({
    environments,
    leases,
    provisioners: new Map([[provisioner.id, provisioner]]),
    logger: mockServices.logger.mock(),
    now,
    concurrency: options.concurrency ?? 4,
    pollIntervalMs: 50,
    leaseTtlMs,
    stepTimeoutMs: options.stepTimeoutMs ?? 10_000,
    shutdownTimeoutMs: 2_000,
    backoff: { initialMs: 40, maxMs: 80, random: () => 0 },
    onRecorded: ({ row }) => {
      records.push(row);
      recorded.emit('record');
    },
  });
  return {
    knex,
    environments,
    leases,
    provisioner,
    reconciler,
    records,
    /** Stops writing and renewing, without a word to anybody. */
    kill: () => {
      leases.isDead = true;
    },
    /** Resolves with the first record that fits, of those past and to come. */
    async waitFor(
      fits: (row: EnvironmentRow) => boolean,
    ): Promise<EnvironmentRow> {
      for (;;) {
        const found = records.find(fits);
        if (found) return found;
        await once(recorded, 'record');
      }
    },
    async add(name = 'invoice-bot'): Promise<EnvironmentRow> {
      const request = { ...createRequest, name };
      const created = newEnvironment({
        request,
        createdBy: 'user:default/ada',
        lifetimeMs: 3_600_000,
        now: now(),
      });
      const { row } = await environments.admit(created, () => undefined);
      return row;
    },
    async read(uid: string) {
      const row = await knex<EnvironmentRow>('environments')
        .where('uid', uid)
        .first();
      return { row: row!, environment: toEnvironment(row!) };
    },
    eventsOf: (uid: string) =>
      knex('environment_events')
        .where('environment_uid', uid)
        .orderBy('sequence'),
  };
}

/** A promise and what settles it. */
export function gate() {
  let open!: () => void;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}
