import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { Phase } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Knex } from 'knex';
import { appendEvents, NewEvent } from './EventStore';
import { applyCriteria, EnvironmentFilter } from './filter';
import type { ApplicationRow, EnvironmentRow } from './rows';

/** What a change of one environment writes. */
export type EnvironmentChange = {
  set: Partial<EnvironmentRow>;
  events: NewEvent[];
  /** Asks the reconciler to look at once, forgetting any backoff. */
  wake?: boolean;
};

/** How full the portal is, seen by a request for one more environment. */
export type Occupancy = {
  /** The environment that has the name already. */
  holder?: EnvironmentRow;
  ownerCount: number;
  totalCount: number;
};

/** Everything a new environment starts with. */
export type NewEnvironment = {
  row: EnvironmentRow;
  applications: ApplicationRow[];
  events: NewEvent[];
};

/** Records of environments. */
export class EnvironmentStore {
  private readonly knex: Knex;
  private readonly now: () => number;

  constructor(options: { knex: Knex; now: () => number }) {
    this.knex = options.knex;
    this.now = options.now;
  }

  /** The environment that has this name now. */
  findActive(name: string): Promise<EnvironmentRow | undefined> {
    return this.knex<EnvironmentRow>('environments')
      .where('active_name', name)
      .first();
  }

  /** The environment that has this name now, or else had it last. */
  async findLatest(name: string): Promise<EnvironmentRow | undefined> {
    const active = await this.findActive(name);
    if (active) return active;
    return this.knex<EnvironmentRow>('environments')
      .where('name', name)
      .orderBy('created_at', 'desc')
      .first();
  }

  findActiveByNames(names: string[]): Promise<EnvironmentRow[]> {
    return this.knex<EnvironmentRow>('environments').whereIn(
      'active_name',
      names,
    );
  }

  /** Existing environments by name, at most `limit`, beginning behind `after`. */
  list(options: {
    owner?: string;
    phase?: Phase;
    criteria?: PermissionCriteria<EnvironmentFilter>;
    after?: string;
    limit: number;
  }): Promise<EnvironmentRow[]> {
    const { owner, phase, criteria, after, limit } = options;
    const query = this.knex<EnvironmentRow>('environments')
      .whereNotNull('active_name')
      .orderBy('active_name')
      .limit(limit);
    if (owner) query.andWhere('owner', owner);
    if (phase) query.andWhere('phase', phase);
    if (after) query.andWhere('active_name', '>', after);
    if (criteria) query.andWhere(group => applyCriteria(group, criteria));
    return query;
  }

  /**
   * For each environment a text that differs after each change of its record; those
   * that are gone are left out.
   */
  async versions(uids: string[]): Promise<Map<string, string>> {
    const rows = await this.knex<EnvironmentRow>('environments')
      .whereIn('uid', uids)
      .select('uid', 'last_sequence', 'updated_at');
    return new Map(
      rows.map(row => [row.uid, `${row.last_sequence}/${row.updated_at}`]),
    );
  }

  async occupancy(
    request: { name: string; owner: string },
    knex: Knex = this.knex,
  ): Promise<Occupancy> {
    const active = () => knex('environments').whereNotNull('active_name');
    const holder = await knex<EnvironmentRow>('environments')
      .where('active_name', request.name)
      .first();
    return {
      holder,
      ownerCount: await count(active().andWhere('owner', request.owner)),
      totalCount: await count(active()),
    };
  }

  /**
   * Adds an environment unless `decide` throws or names one that stands for it.
   * Admissions happen one after the other, over all replicas, so what `decide` sees
   * still holds when the row is written.
   */
  async admit(
    environment: NewEnvironment,
    decide: (occupancy: Occupancy) => EnvironmentRow | undefined,
  ): Promise<{ row: EnvironmentRow; created: boolean }> {
    return this.knex.transaction(async tx => {
      await tx('admission_lock').where('id', 1).increment('admissions', 1);
      const existing = decide(await this.occupancy(environment.row, tx));
      if (existing) return { row: existing, created: false };

      const row = {
        ...environment.row,
        last_sequence: environment.events.length,
      };
      await tx('environments').insert(row);
      await appendEvents(tx, {
        uid: row.uid,
        lastSequence: 0,
        at: this.now(),
        events: environment.events,
      });
      if (environment.applications.length > 0) {
        await tx('applications').insert(environment.applications);
      }
      return { row, created: true };
    });
  }

  /**
   * Changes one environment under its row lock. `decide` gets the current row and
   * answers what to write, or nothing to leave it alone; it may write to other tables
   * through the transaction. `undefined` when the environment is gone.
   */
  async change(
    uid: string,
    decide: (
      row: EnvironmentRow,
      tx: Knex.Transaction,
    ) => Promise<EnvironmentChange | undefined> | EnvironmentChange | undefined,
  ): Promise<{ row: EnvironmentRow; changed: boolean } | undefined> {
    return this.knex.transaction(async tx => {
      const row = await lockEnvironment(tx, uid);
      if (!row) return undefined;
      const change = await decide(row, tx);
      if (!change) return { row, changed: false };
      return {
        row: await writeChange(tx, row, change, this.now()),
        changed: true,
      };
    });
  }

  /**
   * Notes hints that environments may have changed by themselves. Failing ones keep
   * their backoff: what made them fail is not mended by looking more often.
   */
  async hint(uids: string[]): Promise<void> {
    await this.knex('environments')
      .whereIn('uid', uids)
      .whereNotNull('next_reconcile_at')
      .andWhere('failures', 0)
      .update({
        next_reconcile_at: this.now(),
        wake_count: this.knex.raw('wake_count + 1'),
      });
  }
}

/** Takes the row's lock until the transaction ends, and reads it. */
export async function lockEnvironment(
  tx: Knex.Transaction,
  uid: string,
): Promise<EnvironmentRow | undefined> {
  // A write is what locks in SQLite and PostgreSQL alike.
  await tx('environments').where('uid', uid).increment('last_sequence', 0);
  return tx<EnvironmentRow>('environments').where('uid', uid).first();
}

/** Writes a change of a row whose lock the transaction holds. */
export async function writeChange(
  tx: Knex.Transaction,
  row: EnvironmentRow,
  change: EnvironmentChange,
  now: number,
): Promise<EnvironmentRow> {
  const set: Partial<EnvironmentRow> = {
    ...change.set,
    updated_at: now,
    last_sequence: await appendEvents(tx, {
      uid: row.uid,
      lastSequence: row.last_sequence,
      at: now,
      events: change.events,
    }),
    ...(change.wake && {
      next_reconcile_at: now,
      wake_count: row.wake_count + 1,
      failures: 0,
    }),
  };
  await tx('environments').where('uid', row.uid).update(set);
  return { ...row, ...set };
}

async function count(query: Knex.QueryBuilder): Promise<number> {
  const [{ rows }] = await query.count({ rows: '*' });
  return Number(rows);
}
