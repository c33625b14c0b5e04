import type { Clock, Logger } from '@genai-environments/service-kit';
import {
  HOLDER_TIMEOUT_MS,
  LimitLedger,
  MeterReport,
} from '../../ports/LimitLedger';
import type { Meter } from './Meter';
import type { Plans } from './Plan';

/** Longest time the ledger does not know of a change; the same as for usage (ADR 0005). */
const REPORT_AFTER_MS = 50;
/** A lease that nobody takes from for so long goes back, for other processes. */
const IDLE_MS = 1000;

/** What is told of a meter: parts of `free` and `refund` that go back, the rest that is kept. */
type Entry = {
  meter: Meter;
  free: number;
  refund: number;
  report: MeterReport;
};

/**
 * Tells the ledger what of the leases is unspent, and gives back those nobody uses.
 * Does nothing while there are none.
 */
export class LeaseKeeper {
  private timer: NodeJS.Timeout | undefined;
  private delayMs = Infinity;
  private lastSignAt = 0;
  private reporting: Promise<void> | undefined;
  private talking: Promise<void> | undefined;

  constructor(
    private readonly options: {
      plans: Plans;
      ledger: LimitLedger;
      clock: Clock;
      logger: Logger;
    },
  ) {}

  noteChange(): void {
    if (this.delayMs > REPORT_AFTER_MS) this.schedule(REPORT_AFTER_MS);
  }

  /**
   * Settles when the ledger has answered what it was asked before; `undefined` when it
   * has already. A ledger beyond a network is asked one thing at a time, so that it learns
   * of a lease in the order in which it changed.
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

  /** The ledger has just heard of this process. */
  noteSignOfLife(now: number): void {
    this.lastSignAt = now;
  }

  /**
   * Whether this process was silent for so long, e.g. because the machine slept, that its
   * leases may be others' by now: to be reported before anything of them is spent.
   */
  mayBeLost(now: number): boolean {
    if (now - this.lastSignAt < HOLDER_TIMEOUT_MS / 2) return false;
    for (const meter of this.options.plans.all()) {
      if (meter.reported > 0) return true;
    }
    return false;
  }

  /** Reports everything that changed. */
  async flush(): Promise<void> {
    while (this.reporting) await this.reporting;
    await this.report(meter => Math.min(meter.free, 0));
  }

  /** Gives everything back that is not reserved. */
  async close(): Promise<void> {
    this.schedule(Infinity);
    while (this.reporting) await this.reporting;
    await this.report(meter => meter.free);
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
      await this.report(meter =>
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

  /** @param returned how much of `free` goes back; all of a debt must */
  private report(returned: (meter: Meter) => number): Promise<void> {
    this.reporting ??= this.send(returned).finally(() => {
      this.reporting = undefined;
    });
    return this.reporting;
  }

  private async send(returned: (meter: Meter) => number): Promise<void> {
    while (this.talking) await this.talking;
    const entries = this.collect(returned);
    if (entries.length === 0) return;
    for (const { meter, free, refund, report } of entries) {
      meter.free -= free;
      meter.refund -= refund;
      meter.reported = report.unspent;
    }
    try {
      const reports = entries.map(({ report }) => report);
      const answer = this.options.ledger.report(reports);
      const lostOnes =
        answer instanceof Promise ? await this.track(answer) : answer;
      for (const lost of lostOnes) {
        const { meter, report } = entries[lost];
        meter.free -= report.unspent;
        meter.reported = 0;
      }
    } catch (error) {
      // Nothing was written: all of it is still to be told.
      for (const { meter, free, refund, report } of entries) {
        meter.free += free;
        meter.refund += refund;
        if (meter.reported === report.unspent) meter.reported = report.previous;
      }
      throw error;
    }
  }

  private collect(returned: (meter: Meter) => number): Entry[] {
    const now = this.options.clock.now();
    const signOfLifeDue = now - this.lastSignAt >= HOLDER_TIMEOUT_MS / 4;
    const entries: Entry[] = [];
    for (const meter of this.options.plans.all()) {
      const entry = describe(meter, returned(meter));
      const due = signOfLifeDue && meter.reported > 0;
      if (meter.isDirty || entry.report.returned !== 0 || due) {
        entries.push(entry);
      }
    }
    if (entries.length > 0) this.lastSignAt = now;
    return entries;
  }
}

function describe(meter: Meter, free: number): Entry {
  const { key, cap, refund } = meter;
  const report = {
    ...key,
    cap,
    previous: meter.reported,
    // Of a rate nothing is kept on record: its bucket refills.
    unspent: meter.isRate ? 0 : meter.free - free,
    returned: free + refund,
  };
  return { meter, free, refund, report };
}
