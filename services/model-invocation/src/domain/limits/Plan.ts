import type { LimitSettings } from '../../ports/LimitSettings';
import {
  applicationSubject,
  ENVIRONMENT,
  LIMIT_NAMES,
  LIMITS,
  LimitSubject,
} from './Limits';
import { Meter } from './Meter';
import { periodEnd, periodKey } from './periods';

/** The counters that a call of an application has to pass, the application's first. */
export type Plan = { meters: Meter[]; endsAt: number };

const FORGET_AFTER_MS = 60_000;

/** The counters this process knows, and which of them a call has to pass. */
export class Plans {
  private readonly meters = new Map<string, Meter>();
  private readonly plans = new Map<string, Plan>();
  private revision = -1;

  constructor(private readonly settings: LimitSettings) {}

  of(clientId: string, now: number): Plan {
    const revision = this.settings.revision();
    if (revision !== this.revision) {
      this.revision = revision;
      this.plans.clear();
    }
    const known = this.plans.get(clientId);
    if (known && now < known.endsAt) return known;
    const plan = this.make(clientId, now);
    this.plans.set(clientId, plan);
    return plan;
  }

  all(): Iterable<Meter> {
    return this.meters.values();
  }

  /** Whether something is left that must be told the ledger one day. */
  areBusy(): boolean {
    for (const meter of this.meters.values()) if (meter.isBusy) return true;
    return false;
  }

  /** Forgets the counters that nobody used for a while; calls make them anew. */
  forgetIdle(now: number): void {
    let forgotten = false;
    for (const [key, meter] of this.meters) {
      if (meter.isBusy || now - meter.lastTakenAt < FORGET_AFTER_MS) continue;
      this.meters.delete(key);
      forgotten = true;
    }
    if (forgotten) this.plans.clear();
  }

  private make(clientId: string, now: number): Plan {
    const meters = [
      ...this.metersOf(applicationSubject(clientId), now),
      ...this.metersOf(ENVIRONMENT, now),
    ];
    return { meters, endsAt: periodEnd('day', now) };
  }

  private metersOf(subject: LimitSubject, now: number): Meter[] {
    const limits = this.settings.get(subject);
    return LIMIT_NAMES.flatMap(name => {
      const cap = limits[name];
      if (cap === undefined) return [];
      const period = periodKey(LIMITS[name].period, now);
      const id = `${period} ${name} ${subject}`;
      let meter = this.meters.get(id);
      if (!meter) {
        meter = new Meter({ subject, name, period }, cap);
        this.meters.set(id, meter);
      }
      if (meter.cap !== cap) meter.setCap(cap);
      return [meter];
    });
  }
}
