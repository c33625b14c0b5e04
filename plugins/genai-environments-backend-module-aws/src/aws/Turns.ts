export type TurnsOptions = {
  now: () => number;
  /** 0 to 1: who is first of those that nobody has looked into. Default: `Math.random`. */
  random?: () => number;
};

const LOOK_EVERY_MS = 60_000;
/** Those whose turn it is may take a while to ask: their looks are kept for them. */
const MAX_SAVED_LOOKS = 5;
/** Between two looks, so that saved ones are no burst. */
const MIN_GAP_MS = 30_000;
/** Who has not asked for so long has something else to do, and holds up nobody. */
const ASKS_WITHIN_MS = 6 * 60_000;
/** More than the stacks that an account can have. */
const MAX_KNOWN = 5000;

type Known = { lookedAt: number; askedAt: number };

/**
 * Whose turn it is to be looked into: one look a minute for all, in the order in which they
 * were looked into last. Environments ask when they happen to be reconciled; a look is for
 * the one that waits longest and is kept until it asks.
 */
export class Turns {
  private readonly known = new Map<string, Known>();
  private looks: { left: number; at: number };
  private lastLookAt = -Infinity;

  constructor(private readonly options: TurnsOptions) {
    this.looks = { left: 1, at: options.now() };
  }

  /** How many are remembered. */
  get size(): number {
    return this.known.size;
  }

  /**
   * Takes a look when it is the turn of `id`.
   *
   * @returns milliseconds until it shall ask again: 0: look now; Infinity: whenever
   */
  ask(id: string): number {
    const now = this.options.now();
    const mine = this.remember(id, now);
    const earned = (now - this.looks.at) / LOOK_EVERY_MS;
    const left = Math.min(MAX_SAVED_LOOKS, this.looks.left + earned);
    this.looks = { left, at: now };
    const isMyTurn =
      left >= 1 && this.isAmongFirst(Math.floor(left), mine, now);
    if (!isMyTurn) return Infinity;
    const gapMs = this.lastLookAt + MIN_GAP_MS - now;
    if (gapMs > 0) return gapMs;
    this.looks.left -= 1;
    this.lastLookAt = now;
    mine.lookedAt = now;
    return 0;
  }

  /** It was looked into for another reason. */
  note(id: string): void {
    const now = this.options.now();
    this.remember(id, now).lookedAt = now;
  }

  forget(id: string): void {
    this.known.delete(id);
  }

  private remember(id: string, now: number): Known {
    // Nobody knows when: before all others, and not always in the same order.
    const { random = Math.random } = this.options;
    const known = this.known.get(id) ?? { lookedAt: -random(), askedAt: now };
    known.askedAt = now;
    // The last one is who asked last.
    this.known.delete(id);
    this.known.set(id, known);
    if (this.known.size > MAX_KNOWN) {
      const [oldest] = this.known.keys();
      this.known.delete(oldest);
    }
    return known;
  }

  /** Whether fewer than `count` wait longer, of those who go on asking. */
  private isAmongFirst(count: number, mine: Known, now: number): boolean {
    let before = 0;
    for (const { lookedAt, askedAt } of this.known.values()) {
      const waitsLonger = lookedAt < mine.lookedAt;
      if (waitsLonger && now - askedAt < ASKS_WITHIN_MS) before++;
      if (before >= count) return false;
    }
    return true;
  }
}
