import { Clock, inTransaction } from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LIMITS } from '../../domain/limits/Limits';
import type {
  CappedMeter,
  Draw,
  DrawResult,
  LimitLedger,
  MeterKey,
  Return,
} from '../../ports/LimitLedger';
import { SqliteLimitRates } from './SqliteLimitRates';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 62;

const ADD = `
  INSERT INTO limit_meter (period, subject, name, used) VALUES (?, ?, ?, ?)
  ON CONFLICT (period, subject, name) DO UPDATE SET used = used + excluded.used
  WHERE used + excluded.used <= ?`;

const CHANGE = `
  UPDATE limit_meter SET used = max(0, used + ?)
  WHERE period = ? AND subject = ? AND name = ?`;

const USED = `
  SELECT used FROM limit_meter WHERE period = ? AND subject = ? AND name = ?`;

const PRUNE = `
  DELETE FROM limit_meter WHERE (period, subject, name) IN (
    SELECT period, subject, name FROM limit_meter WHERE period < ? LIMIT 500)`;

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
  private readonly rates: SqliteLimitRates;
  private readonly add: StatementSync;
  private readonly change: StatementSync;
  private readonly used: StatementSync;
  private prunedOn = '';

  constructor(
    private readonly options: { database: DatabaseSync; clock: Clock },
  ) {
    const { database } = options;
    this.rates = new SqliteLimitRates(options);
    this.add = database.prepare(ADD);
    this.change = database.prepare(CHANGE);
    this.used = database.prepare(USED);
  }

  draw(draws: readonly Draw[]): DrawResult {
    try {
      return inTransaction(this.options.database, () => ({
        granted: draws.map((draw, index) => this.grant(draw, index)),
      }));
    } catch (error) {
      if (error instanceof Refused) return error.result;
      throw error;
    }
  }

  giveBack(returns: readonly Return[]): void {
    inTransaction(this.options.database, () => {
      for (const entry of returns) {
        if (isRate(entry)) this.rates.giveBack(entry, entry.amount);
        else this.change.run(-entry.amount, ...columns(entry));
      }
      this.prune();
    });
  }

  readUsed(meters: readonly CappedMeter[]): number[] {
    return meters.map(meter =>
      isRate(meter) ? meter.cap - this.rates.left(meter) : this.usedOf(meter),
    );
  }

  private grant(draw: Draw, index: number): number {
    for (const amount of [Math.max(draw.wished, draw.needed), draw.needed]) {
      if (this.take(draw, amount)) return amount;
    }
    const left = isRate(draw)
      ? this.rates.left(draw)
      : Math.max(0, draw.cap - this.usedOf(draw));
    throw new Refused({ refused: index, left });
  }

  private take(draw: Draw, amount: number): boolean {
    if (isRate(draw)) return this.rates.take(draw, amount);
    if (amount > draw.cap) return false;
    return this.add.run(...columns(draw), amount, draw.cap).changes === 1;
  }

  private usedOf(key: MeterKey): number {
    const row = this.used.get(...columns(key)) as { used: number } | undefined;
    return row?.used ?? 0;
  }

  /** Removes counters of long ago, a slice at a time until none is left. */
  private prune(): void {
    const now = this.options.clock.now();
    const today = new Date(now).toISOString().slice(0, 10);
    if (this.prunedOn === today) return;
    const before = new Date(now - KEEP_DAYS * DAY_MS).toISOString().slice(0, 7);
    const { changes } = this.options.database.prepare(PRUNE).run(before);
    if (changes === 0) this.prunedOn = today;
  }
}

function isRate({ name }: MeterKey): boolean {
  return LIMITS[name].period === 'minute';
}

function columns(key: MeterKey): [string, string, string] {
  return [key.period, key.subject, key.name];
}
