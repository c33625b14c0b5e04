import type { Clock } from '@genai-environments/service-kit';
import type { LimitLedger } from '../../ports/LimitLedger';
import type { LimitSettings } from '../../ports/LimitSettings';
import {
  applicationSubject,
  ENVIRONMENT,
  LIMIT_NAMES,
  LimitName,
  Limits,
  LIMITS,
  LimitSubject,
} from './Limits';
import type { LimitGate } from './LimitGate';
import { periodEnd, periodKey } from './periods';

/** How one limit stands. */
export type LimitState = {
  name: LimitName;
  limit: number;
  /** What was used in the period and what calls in flight hold. */
  used: number;
  left: number;
  /** ISO 8601, UTC; of a limit per minute: when all of it is there again. */
  resetsAt: string;
};

/** Lets administrators set limits, and callers see how theirs stand. */
export class LimitOverview {
  constructor(
    private readonly options: {
      settings: LimitSettings;
      ledger: LimitLedger;
      gate: Pick<LimitGate, 'flush'>;
      clock: Clock;
    },
  ) {}

  /** Without an application: those of the environment. No limits when none were set. */
  async getLimits(clientId?: string): Promise<Limits> {
    return this.options.settings.get(subjectOf(clientId));
  }

  /** Holds for the next call, in other processes within a second. Replaces; `{}` removes. */
  setLimits(limits: Limits, clientId?: string): Promise<void> {
    return this.options.settings.put(subjectOf(clientId), limits);
  }

  /** Reads one counter per limit. */
  async getState(clientId?: string): Promise<LimitState[]> {
    const { settings, ledger, gate, clock } = this.options;
    settings.revision();
    const subject = subjectOf(clientId);
    const limits = settings.get(subject);
    await gate.flush();
    const now = clock.now();
    const keys = LIMIT_NAMES.flatMap(name => {
      const cap = limits[name];
      if (cap === undefined) return [];
      const period = periodKey(LIMITS[name].period, now);
      return [{ subject, name, period, cap }];
    });
    const used = await ledger.readUsed(keys);
    return keys.map(({ name, cap }, index) =>
      toState({ name, limit: cap, used: used[index] }, now),
    );
  }
}

function toState(
  state: Pick<LimitState, 'name' | 'limit' | 'used'>,
  now: number,
): LimitState {
  const { name, limit, used } = state;
  const { period } = LIMITS[name];
  const resetsAt =
    period === 'minute'
      ? now + Math.ceil((used * 60_000) / limit)
      : periodEnd(period, now);
  return {
    name,
    limit,
    used,
    left: Math.max(0, limit - used),
    resetsAt: new Date(resetsAt).toISOString(),
  };
}

function subjectOf(clientId: string | undefined): LimitSubject {
  return clientId === undefined ? ENVIRONMENT : applicationSubject(clientId);
}
