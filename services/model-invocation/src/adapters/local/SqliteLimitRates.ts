import type { Clock } from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type { MeterKey } from '../../ports/LimitLedger';

const MINUTE_MS = 60_000;

type Rate = Pick<MeterKey, 'subject' | 'name'> & { cap: number };

/**
 * Token buckets with one number each: when the bucket is full again. Taking moves that
 * time on; it may be at most a minute away (the generic cell rate algorithm).
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export class SqliteLimitRates {
  constructor(
    private readonly options: { database: DatabaseSync; clock: Clock },
  ) {}

  /**
   * Takes `amount`, or gives it back when it is negative.
   *
   * @returns whether there was so much; with `always` it is taken anyway
   */
  add(
    { subject, name, cap }: Rate,
    amount: number,
    { always = false } = {},
  ): boolean {
    const unitMs = MINUTE_MS / cap;
    const now = this.options.clock.now();
    // Sums of fractions miss a full bucket by a hair; half a unit lets none too many through.
    const latest = now + MINUTE_MS + Math.min(0.1, unitMs / 2);
    const takes = amount * unitMs;
    if (!always && now + takes > latest) return false;
    const { changes } = this.options.database
      .prepare(
        `INSERT INTO limit_rate (subject, name, full_at)
         VALUES (:subject, :name, :now + :takes)
         ON CONFLICT (subject, name) DO UPDATE
         SET full_at = max(full_at, :now) + :takes
         WHERE max(full_at, :now) + :takes <= :latest`,
      )
      .run({
        subject,
        name,
        now,
        takes,
        latest: always ? Number.MAX_SAFE_INTEGER : latest,
      });
    return changes === 1;
  }

  /** How much could be taken now. */
  left({ subject, name, cap }: Rate): number {
    const row = this.options.database
      .prepare('SELECT full_at FROM limit_rate WHERE subject = ? AND name = ?')
      .get(subject, name) as { full_at: number } | undefined;
    const waitMs = Math.max(0, (row?.full_at ?? 0) - this.options.clock.now());
    const left = Math.floor(((MINUTE_MS - waitMs) * cap) / MINUTE_MS + 1e-6);
    return Math.min(cap, Math.max(0, left));
  }
}
