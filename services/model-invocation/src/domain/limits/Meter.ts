import type { MeterKey } from '../../ports/LimitLedger';
import { LimitName, LIMITS, LimitSubject, LimitUnit } from './Limits';

/** A lease is this part of a cap: what a process that dies takes with it stays small. */
const LEASES_PER_CAP = 256;

/** What this process has of one counter. */
export class Meter {
  readonly unit: LimitUnit;
  readonly isRate: boolean;
  /** Drawn and not reserved. Negative: a debt, more was used than was reserved. */
  free = 0;
  /** Reserved by calls in flight. */
  held = 0;
  /** What was given back of a rate: the bucket has refilled since, so it is not spent again here. */
  refund = 0;
  lastTakenAt = 0;
  /** What is drawn at once. */
  lease = 0;

  constructor(readonly key: MeterKey, public cap: number) {
    const { unit, period } = LIMITS[key.name];
    this.unit = unit;
    this.isRate = period === 'minute';
    this.setCap(cap);
  }

  get subject(): LimitSubject {
    return this.key.subject;
  }

  get name(): LimitName {
    return this.key.name;
  }

  setCap(cap: number): void {
    this.cap = cap;
    this.lease = Math.ceil(cap / LEASES_PER_CAP);
  }

  take(amount: number, now: number): void {
    this.free -= amount;
    this.held += amount;
    this.lastTakenAt = now;
  }

  /** Ends a reservation of which `used` was really used. */
  settle(reserved: number, used: number): void {
    this.held -= reserved;
    const rest = reserved - used;
    if (this.isRate && rest > 0) this.refund += rest;
    else this.free += rest;
  }

  /** Whether anything is left here that the ledger must be told one day. */
  get isBusy(): boolean {
    return this.held > 0 || this.free !== 0 || this.refund > 0;
  }
}
