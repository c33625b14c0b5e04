type Timer = { at: number; order: number; run: () => void };

/** Time that passes only when a test says so. Test code. */
export class VirtualClock {
  private time: number;
  private order = 0;
  private timers: Timer[] = [];

  constructor(start = Date.UTC(2026, 10, 1)) {
    this.time = start;
  }

  /** Epoch milliseconds. */
  now = (): number => this.time;

  /** Runs `run` once `delayMs` have passed. */
  schedule(delayMs: number, run: () => void): void {
    this.timers.push({ at: this.time + delayMs, order: this.order++, run });
  }

  /** Resolves once `delayMs` have passed, which somebody else has to see to. */
  sleep = (delayMs: number): Promise<void> =>
    new Promise(resolve => this.schedule(delayMs, resolve));

  /** Lets time pass, and everything happen that was scheduled in it, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.next();
      if (!next || next.at > end) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }

  /** To the next thing that is scheduled. `false`: there is none. */
  advanceToNext(): boolean {
    const next = this.next();
    if (!next) return false;
    this.advance(Math.max(0, next.at - this.time));
    return true;
  }

  private next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (
        !first ||
        timer.at < first.at ||
        (timer.at === first.at && timer.order < first.order)
      ) {
        first = timer;
      }
    }
    return first;
  }
}
