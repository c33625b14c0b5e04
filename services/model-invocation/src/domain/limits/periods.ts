import type { LimitPeriod } from './Limits';

/** Names the period that `now` is in: `minute`, `2026-11-25` or `2026-11`. */
export function periodKey(period: LimitPeriod, now: number): string {
  if (period === 'minute') return 'minute';
  const day = new Date(now).toISOString();
  return period === 'day' ? day.slice(0, 10) : day.slice(0, 7);
}

/** When the period that `now` is in ends, UTC; for a minute: a minute from now. */
export function periodEnd(period: LimitPeriod, now: number): number {
  if (period === 'minute') return now + 60_000;
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return period === 'day'
    ? Date.UTC(year, month, date.getUTCDate() + 1)
    : Date.UTC(year, month + 1, 1);
}
