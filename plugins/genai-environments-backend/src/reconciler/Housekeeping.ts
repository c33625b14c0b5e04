import type { Knex } from 'knex';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import type { EnvironmentRow } from '../database/rows';
import { requestDeletion } from '../service/deletion';

/** Environments handled by one query; the rest follows in the same run. */
const BATCH_SIZE = 100;

/** Who requested a deletion for which nobody asked. */
export const EXPIRED = 'expired';

/**
 * What happens by the calendar: warning before expiry, teardown at expiry, forgetting
 * deleted environments. Safe to run on several replicas at once.
 */
export class Housekeeping {
  private readonly knex: Knex;
  private readonly environments: EnvironmentStore;
  private readonly now: () => number;
  private readonly retentionMs: number;
  private readonly onChanged: (row: EnvironmentRow) => void;

  constructor(options: {
    knex: Knex;
    environments: EnvironmentStore;
    now: () => number;
    /** How long records and events of deleted environments are kept. */
    retentionMs: number;
    onChanged: (row: EnvironmentRow) => void;
  }) {
    this.knex = options.knex;
    this.environments = options.environments;
    this.now = options.now;
    this.retentionMs = options.retentionMs;
    this.onChanged = options.onChanged;
  }

  async run(signal?: AbortSignal): Promise<void> {
    await this.warn(signal);
    await this.expire(signal);
    await this.prune(signal);
  }

  private async warn(signal?: AbortSignal): Promise<void> {
    await this.each('expiry_warning_at', signal, row => {
      if (!isDue(row.expiry_warning_at, this.now())) return undefined;
      const set = { expiry_warning_at: null };
      if (row.deletion_requested_at !== null) return { set, events: [] };
      const when = new Date(Number(row.expires_at)).toISOString();
      return {
        set,
        events: [
          {
            type: 'Warning',
            reason: 'ExpiresSoon',
            message: `Environment ${row.name} expires at ${when} and is torn down then, with its data. Extend its life if it is still needed.`,
            phase: row.phase,
          },
        ],
      };
    });
  }

  private async expire(signal?: AbortSignal): Promise<void> {
    await this.each('expires_at', signal, row => {
      if (!isDue(row.expires_at, this.now())) return undefined;
      return requestDeletion(row, {
        at: this.now(),
        by: EXPIRED,
        event: {
          type: 'Warning',
          reason: 'Expired',
          message: `Environment ${row.name} has reached the end of its life and is torn down.`,
        },
      });
    });
  }

  private async prune(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const rows = await this.knex('environments')
        .where('deleted_at', '<=', this.now() - this.retentionMs)
        .limit(BATCH_SIZE)
        .select('uid');
      if (rows.length === 0 || signal?.aborted) return;
      const uids = rows.map(row => row.uid);
      await this.knex.transaction(async tx => {
        await tx('environment_events')
          .whereIn('environment_uid', uids)
          .delete();
        await tx('environments').whereIn('uid', uids).delete();
      });
    }
  }

  /** Changes each existing environment whose `column` lies in the past. */
  private async each(
    column: 'expires_at' | 'expiry_warning_at',
    signal: AbortSignal | undefined,
    decide: Parameters<EnvironmentStore['change']>[1],
  ): Promise<void> {
    let after = '';
    for (;;) {
      const rows: Array<{ uid: string }> = await this.knex('environments')
        .where(column, '<=', this.now())
        .whereNotNull('active_name')
        .whereNull('deletion_requested_at')
        .andWhere('uid', '>', after)
        .orderBy('uid')
        .limit(BATCH_SIZE)
        .select('uid');
      for (const { uid } of rows) {
        if (signal?.aborted) return;
        const result = await this.environments.change(uid, decide);
        if (result?.changed) this.onChanged(result.row);
      }
      if (rows.length < BATCH_SIZE) return;
      after = rows[rows.length - 1].uid;
    }
  }
}

function isDue(time: number | string | null, now: number): boolean {
  return time !== null && Number(time) <= now;
}
