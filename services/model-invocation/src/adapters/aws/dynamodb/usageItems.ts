import type { Change, TableItem } from '@genai-environments/service-kit/aws';
import type { UsageItem } from '../../../ports/UsageLedger';
import { COUNTERS } from './PendingUsage';

/** The days of which there is any usage. */
export const DAYS = 'usage#days';

export function usagePk(clientId: string): string {
  return `usage#application#${clientId}`;
}

export function dayPk(day: string): string {
  return `usage#day#${day}`;
}

/** Adds to both items of a model's counters. */
export function addCounters(item: UsageItem): Change[] {
  const { clientId, model, day } = item;
  return [
    { pk: usagePk(clientId), sk: `${day}#${model}` },
    { pk: dayPk(day), sk: `${clientId}#${model}` },
  ].map(key => addCountersTo(key, item));
}

function addCountersTo(
  key: { pk: string; sk: string },
  item: UsageItem,
): Change {
  // All are there from the first time on, so that reading knows no gaps.
  const adds = COUNTERS.map(name => `#${name} :${name}`).join(', ');
  return {
    key,
    set: `SET #clientId = :clientId, #model = :model, #day = :day ADD ${adds}`,
    names: Object.fromEntries(
      ['clientId', 'model', 'day', ...COUNTERS].map(name => [`#${name}`, name]),
    ),
    values: Object.fromEntries(
      (['clientId', 'model', 'day', ...COUNTERS] as const).map(name => [
        `:${name}`,
        item[name],
      ]),
    ),
  };
}

export function toUsageItem({ pk: _, sk: __, ...item }: TableItem): UsageItem {
  return item as unknown as UsageItem;
}
