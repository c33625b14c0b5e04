import { InvalidInputError } from '@genai-environments/service-kit';
import type { DayRange, TimeRange } from '../ports/MetricsSource';

const DAY_MS = 86_400_000;
const FIRST_DAY = '0001-01-01';
const LAST_DAY = '9999-12-31';

/**
 * Days that were asked for; from the first or to the last one when one is missing.
 *
 * @throws InvalidInputError when the range ends before it begins
 */
export function toDayRange(asked: {
  from?: string | null;
  to?: string | null;
}): DayRange {
  const from = asked.from ?? FIRST_DAY;
  const to = asked.to ?? LAST_DAY;
  if (from <= to) return { from, to };
  throw new InvalidInputError(
    `The range begins on ${from} and ends before that, on ${to}. Swap the two days.`,
    { code: 'invalid_range' },
  );
}

/** The same range as instants; the last day is in it to its end. */
export function toTimeRange({ from, to }: DayRange): TimeRange {
  return { from: Date.parse(from), to: Date.parse(to) + DAY_MS };
}

/** Number of days in a range. */
export function countDays({ from, to }: DayRange): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/** The day that `now` is in. */
export function toDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
