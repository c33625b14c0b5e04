import type { LimitName, LimitSubject } from '../domain/limits/Limits';

/** Names one counter: a limit of somebody in one period. */
export type MeterKey = {
  subject: LimitSubject;
  name: LimitName;
  /** `minute`, `2026-11-25` or `2026-11`. */
  period: string;
};

/** A counter and the most that it may come to. */
export type CappedMeter = MeterKey & { cap: number };

export type Draw = CappedMeter & {
  needed: number;
  /** What may be drawn at once, so that the next calls need no draw of their own. */
  wished: number;
};

export type DrawResult =
  /** As many as there were draws, each at least what was needed. */
  | { granted: number[] }
  /** Which draw exceeds its cap, and how much could still be drawn. Nothing was drawn. */
  | { refused: number; left: number };

/** What was drawn and is not used; negative: more was used than was drawn. */
export type Return = CappedMeter & { amount: number };

/**
 * Port: counters that all processes of an environment share. A process draws small
 * leases and spends them by itself. What is drawn counts as used at once and until it is
 * given back: the sum of all leases never passes a cap, whichever process dies when.
 *
 * Counters of a minute are token buckets that hold `cap` and refill evenly, `cap` in a minute.
 */
export interface LimitLedger {
  /**
   * Draws all or nothing, atomically over all processes. Not idempotent: a draw whose
   * answer got lost stays drawn until the period ends.
   */
  draw(draws: readonly Draw[]): DrawResult | Promise<DrawResult>;

  /** All or nothing. Not idempotent. */
  giveBack(returns: readonly Return[]): void | Promise<void>;

  /** What is drawn, in the order of the meters. */
  readUsed(meters: readonly CappedMeter[]): number[] | Promise<number[]>;
}
