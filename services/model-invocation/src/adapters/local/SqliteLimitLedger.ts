import {
  Clock,
  inTransaction,
  randomId,
} from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LIMITS } from '../../domain/limits/Limits';
import {
  Draw,
  DrawResult,
  HOLDER_TIMEOUT_MS,
  LimitLedger,
  MeterKey,
  MeterReport,
} from '../../ports/LimitLedger';
import { SqliteLimitRates } from './SqliteLimitRates';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 62;
const KEY = 'period = ? AND subject = ? AND name = ?';

/** Drawing stops here, and what was drawn before in the transaction is undone. */
class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly result: { refused: number; left: number }) {
    super();
  }
}

/**
 * Keeps the shared counters in the service's database: processes on one file count
 * together. Answers at once.
 */
export class SqliteLimitLedger implements LimitLedger {
  private readonly holder: string;
  private readonly rates: SqliteLimitRates;
  private readonly statements = new Map<string, StatementSync>();
  private seenAt = -Infinity;
  private prunedOn = '';

  constructor(
    private readonly options: {
      database: DatabaseSync;
      clock: Clock;
      /** Names this process among those on the file; default: a random id. */
      holder?: string;
    },
  ) {
    this.holder = options.holder ?? randomId();
    this.rates = new SqliteLimitRates(options);
  }

  draw(draws: readonly Draw[]): DrawResult {
    const result = this.tryDraw(draws);
    const gaveBack = 'refused' in result && this.takeFromDead() > 0;
    return gaveBack ? this.tryDraw(draws) : result;
  }

  report(reports: readonly MeterReport[]): number[] {
    return inTransaction(this.options.database, () => {
      this.showLife(this.options.clock.now());
      this.prune();
      return reports.flatMap((report, index) =>
        this.apply(report) ? [] : [index],
      );
    });
  }

  readUsed(keys: readonly (MeterKey & { cap: number })[]): number[] {
    return keys.map(key => {
      if (isRate(key)) return key.cap - this.rates.left(key);
      const row = this.sql(
        `SELECT used - (SELECT coalesce(sum(unspent), 0) FROM limit_lease AS lease
           WHERE lease.period = meter.period AND lease.subject = meter.subject
             AND lease.name = meter.name) AS used
         FROM limit_meter AS meter WHERE ${KEY}`,
      ).get(...columns(key)) as { used: number } | undefined;
      return row?.used ?? 0;
    });
  }

  private tryDraw(draws: readonly Draw[]): DrawResult {
    try {
      return inTransaction(this.options.database, () => {
        const now = this.options.clock.now();
        if (now - this.seenAt > HOLDER_TIMEOUT_MS / 4) this.showLife(now);
        return { granted: draws.map((draw, index) => this.grant(draw, index)) };
      });
    } catch (error) {
      if (error instanceof Refused) return error.result;
      throw error;
    }
  }

  private grant(draw: Draw, index: number): number {
    const needed = draw.amount - draw.free;
    for (const amount of [Math.max(draw.wished, needed), needed]) {
      const granted = isRate(draw)
        ? this.rates.add(draw, amount)
        : this.add(draw, amount);
      if (!granted) continue;
      if (!isRate(draw)) this.setLease(draw, amount - needed);
      return amount;
    }
    const left = isRate(draw) ? this.rates.left(draw) : this.left(draw);
    throw new Refused({ refused: index, left });
  }

  private add(draw: Draw, amount: number): boolean {
    if (amount > draw.cap) return false;
    const { changes } = this.sql(
      `INSERT INTO limit_meter (period, subject, name, used) VALUES (?, ?, ?, ?)
       ON CONFLICT (period, subject, name) DO UPDATE SET used = used + excluded.used
       WHERE used + excluded.used <= ?`,
    ).run(...columns(draw), amount, draw.cap);
    return changes === 1;
  }

  private left(draw: Draw): number {
    const row = this.sql(`SELECT used FROM limit_meter WHERE ${KEY}`).get(
      ...columns(draw),
    ) as { used: number } | undefined;
    return Math.max(0, draw.cap - (row?.used ?? 0));
  }

  /** `false` when the lease was taken away. */
  private apply(report: MeterReport): boolean {
    if (isRate(report)) {
      this.rates.add(report, -report.returned, { always: true });
      return true;
    }
    const { previous, unspent, returned } = report;
    const held = previous === 0 || this.hasLease(report);
    this.change(report, held ? -returned : previous - unspent - returned);
    if (held) this.setLease(report, unspent);
    return held;
  }

  private hasLease(key: MeterKey): boolean {
    const row = this.sql(
      `SELECT 1 FROM limit_lease WHERE holder = ? AND ${KEY}`,
    ).get(this.holder, ...columns(key));
    return row !== undefined;
  }

  private setLease(key: MeterKey, unspent: number): void {
    if (unspent > 0) {
      this.sql(
        `INSERT INTO limit_lease (holder, period, subject, name, unspent)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET unspent = excluded.unspent`,
      ).run(this.holder, ...columns(key), unspent);
    } else {
      this.sql(`DELETE FROM limit_lease WHERE holder = ? AND ${KEY}`).run(
        this.holder,
        ...columns(key),
      );
    }
  }

  private change(key: MeterKey, by: number): void {
    if (by === 0) return;
    this.sql(`UPDATE limit_meter SET used = used + ? WHERE ${KEY}`).run(
      by,
      ...columns(key),
    );
  }

  private showLife(now: number): void {
    this.sql(
      `INSERT INTO limit_holder (holder, seen_at) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at`,
    ).run(this.holder, now);
    this.seenAt = now;
  }

  /** @returns how many leases of processes that died were given back */
  private takeFromDead(): number {
    const { database, clock } = this.options;
    const silentSince = clock.now() - HOLDER_TIMEOUT_MS;
    return inTransaction(database, () => {
      const leases = this.sql(
        `SELECT lease.* FROM limit_holder JOIN limit_lease AS lease USING (holder)
         WHERE seen_at < ? AND holder <> ?`,
      ).all(silentSince, this.holder) as Array<MeterKey & { unspent: number }>;
      for (const lease of leases) this.change(lease, -lease.unspent);
      const dead = `SELECT holder FROM limit_holder WHERE seen_at < ? AND holder <> ?`;
      for (const table of ['limit_lease', 'limit_holder']) {
        this.sql(`DELETE FROM ${table} WHERE holder IN (${dead})`).run(
          silentSince,
          this.holder,
        );
      }
      return leases.length;
    });
  }

  /** Removes counters of long ago, a slice at each report until none is left. */
  private prune(): void {
    const now = this.options.clock.now();
    const today = new Date(now).toISOString().slice(0, 10);
    if (this.prunedOn === today) return;
    const before = new Date(now - KEEP_DAYS * DAY_MS).toISOString().slice(0, 7);
    const { changes } = this.sql(
      `DELETE FROM limit_meter WHERE (period, subject, name) IN (
         SELECT period, subject, name FROM limit_meter WHERE period < ? LIMIT 500)`,
    ).run(before);
    if (changes === 0) this.prunedOn = today;
  }

  private sql(text: string): StatementSync {
    let statement = this.statements.get(text);
    if (!statement) {
      statement = this.options.database.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }
}

function isRate({ name }: MeterKey): boolean {
  return LIMITS[name].period === 'minute';
}

function columns(key: MeterKey): [string, string, string] {
  return [key.period, key.subject, key.name];
}
