import type { Clock, Logger } from '@genai-environments/service-kit';
import type { LimitLedger } from '../../ports/LimitLedger';
import type { Meter } from './Meter';
import type { Plans } from './Plan';

/** Longest time the ledger does not know of a debt or a refund. */
const REPORT_AFTER_MS = 50;
/** A lease that nobody takes from for so long goes back, for other processes. */
const IDLE_MS = 1000;

/** What goes back of a meter. */
type Entry = { meter: Meter; free: number; refund: number };

/**
 * Gives back what of the leases nobody uses and tells the ledger of debts. Does nothing
 * while there are none.
 */
export class LeaseKeeper {
  private timer: NodeJS.Timeout | undefined;
  private delayMs = Infinity;
  private talking: Promise<void> | undefined;

  constructor(
    private readonly options: {
      plans: Plans;
      ledger: LimitLedger;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  /**
   * Settles when the ledger has answered what it was asked before; `undefined` when it
   * has already. A ledger beyond a network is asked one thing at a time, so that many calls
   * that find a lease empty draw one, not one each.
   */
  get inFlight(): Promise<void> | undefined {
    return this.talking;
  }

  /** Lets nothing else be asked until `answer` is there. */
  track<T>(answer: Promise<T>): Promise<T> {
    const done = () => {
      this.talking = undefined;
    };
    this.talking = answer.then(done, done);
    return answer;
  }

  noteChange(): void {
    if (this.delayMs > REPORT_AFTER_MS) this.schedule(REPORT_AFTER_MS);
  }

  /** Gives everything back that is not reserved: the ledger then knows exactly what is used. */
  flush(): Promise<void> {
    return this.giveBack(meter => meter.free);
  }

  async close(): Promise<void> {
    this.schedule(Infinity);
    await this.flush();
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    this.delayMs = delayMs;
    if (delayMs === Infinity) return;
    this.timer = setTimeout(() => void this.tick(), delayMs);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    this.delayMs = Infinity;
    const { plans, clock, logger } = this.options;
    const idleSince = clock.now() - IDLE_MS;
    try {
      await this.giveBack(meter =>
        meter.lastTakenAt <= idleSince ? meter.free : Math.min(meter.free, 0),
      );
    } catch (error) {
      logger.error(
        { err: error },
        'What was used of the limits could not be written',
      );
    }
    plans.forgetIdle(clock.now());
    if (this.delayMs === Infinity && plans.areBusy()) this.schedule(IDLE_MS);
  }

  /** @param select how much of `free` goes back; all of a debt must */
  private async giveBack(select: (meter: Meter) => number): Promise<void> {
    while (this.talking) await this.talking;
    const entries = this.collect(select);
    if (entries.length === 0) return;
    for (const { meter, free, refund } of entries) {
      meter.free -= free;
      meter.refund -= refund;
    }
    try {
      const answer = this.options.ledger.giveBack(entries.map(toReturn));
      if (answer instanceof Promise) await this.track(answer);
    } catch (error) {
      // Nothing was written: all of it is still to be told.
      for (const { meter, free, refund } of entries) {
        meter.free += free;
        meter.refund += refund;
      }
      throw error;
    }
  }

  private collect(select: (meter: Meter) => number): Entry[] {
    const entries: Entry[] = [];
    for (const meter of this.options.plans.all()) {
      const entry = { meter, free: select(meter), refund: meter.refund };
      if (entry.free !== 0 || entry.refund !== 0) entries.push(entry);
    }
    return entries;
  }
}

function toReturn({ meter: { key, cap }, free, refund }: Entry) {
  return { ...key, cap, amount: free + refund };
}
