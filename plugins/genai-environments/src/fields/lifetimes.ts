import { Duration } from 'luxon';

const CHOICES = ['PT8H', 'P1D', 'P7D', 'P14D', 'P30D', 'P90D'];

/** Lifetimes up to `max`, shortest first; the default and the longest are always among them. */
export function lifetimeChoices(limits: {
  defaultLifetime: string;
  maxLifetime: string;
}): string[] {
  const max = hours(limits.maxLifetime);
  const offered = new Map<number, string>();
  for (const choice of [
    ...CHOICES,
    limits.defaultLifetime,
    limits.maxLifetime,
  ]) {
    if (hours(choice) <= max) offered.set(hours(choice), choice);
  }
  return [...offered.entries()]
    .sort(([a], [b]) => a - b)
    .map(([, choice]) => choice);
}

/** `P7D` → `7 days`. */
export function lifetimeLabel(lifetime: string): string {
  const total = hours(lifetime);
  const days = Math.floor(total / 24);
  return [count(days, 'day'), count(total % 24, 'hour')]
    .filter(Boolean)
    .join(' ');
}

function count(number: number, unit: string): string {
  if (number === 0) return '';
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function hours(lifetime: string): number {
  return Duration.fromISO(lifetime).as('hours');
}
