import type { LimitName, LimitSubject } from '../domain/limits/Limits';

/** Names one counter: a limit of somebody in one period. */
export type MeterKey = {
  subject: LimitSubject;
  name: LimitName;
  /** `minute`, `2026-11-25` or `2026-11`. */
  period: string;
};

export type Draw = MeterKey & {
  cap: number;
  /** What is about to be reserved. */
  amount: number;
  /** What of that was drawn before and is still unspent; may be negative: a debt. */
  free: number;
  /** What may be drawn at once, so that the next calls need no draw of their own. */
  wished: number;
};

export type DrawResult =
  /** As many as there were draws, each at least `amount - free`. */
  | { granted: number[] }
  /** Which draw exceeds its cap, and how much could still be drawn. Nothing was drawn. */
  | { refused: number; left: number };

export type MeterReport = MeterKey & {
  cap: number;
  /** The unspent amount that the last draw or report told. */
  previous: number;
  /** The unspent amount that is kept. */
  unspent: number;
  /** What is given back; negative: more was used than was drawn. */
  returned: number;
};

/**
 * Port: counters that all processes of an environment share. A process draws small
 * leases and spends them by itself; what is drawn counts as used at once, so the sum of
 * all leases never passes a cap.
 *
 * A process reports what of its leases is unspent. When it dies, that is given back after
 * {@link HOLDER_TIMEOUT_MS}; what it had reserved stays used.
 *
 * Counters of a minute are token buckets that hold `cap` and refill evenly, `cap` in a minute.
 */
export interface LimitLedger {
  /**
   * Draws all or nothing, atomically over all processes. Idempotency: none; a draw whose
   * answer got lost stays drawn until the period ends.
   */
  draw(draws: readonly Draw[]): DrawResult | Promise<DrawResult>;

  /**
   * Keeps what is unspent and takes back what is returned; also a sign of life. At least
   * every third of {@link HOLDER_TIMEOUT_MS} while there are leases.
   *
   * @returns indexes of those whose lease was taken away meanwhile, because there was no
   *   sign of life: nothing of it may be spent any more, and what was spent is now counted
   */
  report(reports: readonly MeterReport[]): number[] | Promise<number[]>;

  /** What is used or reserved, in the order of the keys; leases that are unspent do not count. */
  readUsed(
    keys: readonly (MeterKey & { cap: number })[],
  ): number[] | Promise<number[]>;
}

/** How long a process may be silent before its leases are given back. */
export const HOLDER_TIMEOUT_MS = 30_000;
