import {
  statusOf,
  UsageCounters,
  UsageItem,
  UsageRecord,
} from '../../../ports/UsageLedger';

export const COUNTERS = [
  'invocations',
  'failedInvocations',
  'cancelledInvocations',
  'cachedInvocations',
  'inputTokens',
  'outputTokens',
  'costMicroUsd',
  'durationMs',
] as const satisfies ReadonlyArray<keyof UsageCounters>;

export function emptyCounters(): UsageCounters {
  return Object.fromEntries(
    COUNTERS.map(name => [name, 0]),
  ) as unknown as UsageCounters;
}

export function addTo(sum: UsageCounters, more: UsageCounters): void {
  for (const name of COUNTERS) sum[name] += more[name];
}

/** What was counted and is not written yet. */
export class PendingUsage {
  private items = new Map<string, UsageItem>();

  add(day: string, usage: UsageRecord): void {
    const { clientId, model } = usage;
    const key = `${day} ${clientId} ${model}`;
    let item = this.items.get(key);
    if (!item) {
      item = { clientId, model, day, ...emptyCounters() };
      this.items.set(key, item);
    }
    const status = statusOf(usage);
    item.invocations += 1;
    if (status === 'failed') item.failedInvocations += 1;
    if (status === 'cancelled') item.cancelledInvocations += 1;
    if (usage.cached) item.cachedInvocations += 1;
    item.inputTokens += usage.inputTokens;
    item.outputTokens += usage.outputTokens;
    item.costMicroUsd += usage.costMicroUsd ?? 0;
    item.durationMs += Math.round(usage.durationMs ?? 0);
  }

  /** Hands everything over and begins anew. */
  takeByDay(): Map<string, UsageItem[]> {
    const days = new Map<string, UsageItem[]>();
    for (const item of this.items.values()) {
      const items = days.get(item.day);
      if (items) items.push(item);
      else days.set(item.day, [item]);
    }
    this.items = new Map();
    return days;
  }
}
