import type { Clock } from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CappedMeter } from '../../ports/LimitLedger';

const MINUTE_MS = 60_000;

const TAKE = `
  INSERT INTO limit_rate (subject, name, full_at) VALUES (:subject, :name, :now + :takes)
  ON CONFLICT (subject, name) DO UPDATE SET full_at = max(full_at, :now) + :takes
  WHERE max(full_at, :now) + :takes <= :latest`;

/**
 * Token buckets with one number each: when the bucket is full again. Taking moves that
 * time on; it may be at most a minute away (the generic cell rate algorithm).
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export class SqliteLimitRates {
  private readonly takeFrom: StatementSync;
  private readonly fullAt: StatementSync;

  constructor(
    private readonly options: { database: DatabaseSync; clock: Clock },
  ) {
    this.takeFrom = options.database.prepare(TAKE);
    this.fullAt = options.database.prepare(
      'SELECT full_at FROM limit_rate WHERE subject = ? AND name = ?',
    );
  }

  /** @returns whether there was so much */
  take({ subject, name, cap }: CappedMeter, amount: number): boolean {
    const unitMs = MINUTE_MS / cap;
    const now = this.options.clock.now();
    const takes = amount * unitMs;
    // Sums of fractions miss a full bucket by a hair; half a unit lets none too many through.
    const latest = now + MINUTE_MS + Math.min(0.1, unitMs / 2);
    if (now + takes > latest) return false;
    const values = { subject, name, now, takes, latest };
    return this.takeFrom.run(values).changes === 1;
  }

  /** Negative: takes more, even from an empty bucket. */
  giveBack({ subject, name, cap }: CappedMeter, amount: number): void {
    this.takeFrom.run({
      ...{ subject, name },
      now: this.options.clock.now(),
      takes: (-amount * MINUTE_MS) / cap,
      latest: Number.MAX_SAFE_INTEGER,
    });
  }

  /** How much could be taken now. */
  left({ subject, name, cap }: CappedMeter): number {
    const row = this.fullAt.get(subject, name) as
      | { full_at: number }
      | undefined;
    const waitMs = Math.max(0, (row?.full_at ?? 0) - this.options.clock.now());
    const left = Math.floor(((MINUTE_MS - waitMs) * cap) / MINUTE_MS + 1e-6);
    return Math.min(cap, Math.max(0, left));
  }
}
