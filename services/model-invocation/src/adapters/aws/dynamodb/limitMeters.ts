import type { Change, TableItem } from '@genai-environments/service-kit/aws';
import { LIMITS } from '../../../domain/limits/Limits';
import type { CappedMeter, MeterKey, Return } from '../../../ports/LimitLedger';

const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;
/** After its period began, a counter is kept that long. */
const KEEP_SECONDS = 62 * DAY_SECONDS;

/** When it is, and what the counter said when it was last heard of. */
type Moment = { now: number; seen: TableItem | undefined };

const USED = { '#used': 'used' };
const FULL = { '#fullAt': 'fullAt' };
const EXPIRES = { '#expiresAt': 'expiresAt' };

export function isRate({ name }: MeterKey): boolean {
  return LIMITS[name].period === 'minute';
}

export function meterKey({ subject, name, period }: MeterKey) {
  return { pk: `limits#meter#${subject}`, sk: `${period}#${name}` };
}

/** Takes so much if the cap allows it. */
export function addToMeter(
  meter: CappedMeter,
  amount: number,
  moment: Moment,
): Change {
  if (isRate(meter)) return takeFromBucket(meter, amount, moment);
  const added = addUsed(meter, amount, moment);
  return {
    ...added,
    when: 'attribute_not_exists(#used) OR #used <= :most',
    values: { ...added.values, ':most': meter.cap - amount },
  };
}

/** Gives back what was not used, never below zero; a negative amount adds a debt. */
export function returnToMeter(entry: Return, moment: Moment): Change {
  const { amount } = entry;
  if (isRate(entry)) return returnToBucket(entry, moment);
  const added = addUsed(entry, -amount, moment);
  if (amount <= 0) return added;
  if (moment.seen && (moment.seen.used ?? 0) < amount) {
    return {
      key: added.key,
      set: 'SET #used = :none, #expiresAt = if_not_exists(#expiresAt, :expiresAt)',
      when: 'attribute_not_exists(#used) OR #used < :least',
      names: added.names,
      values: {
        ...{ ':none': 0, ':least': amount },
        ':expiresAt': added.values[':expiresAt'],
      },
    };
  }
  return {
    ...added,
    when: '#used >= :least',
    values: { ...added.values, ':least': amount },
  };
}

/** How much of the cap is used. */
export function usedOf(
  meter: CappedMeter,
  item: TableItem | undefined,
  now: number,
): number {
  return isRate(meter) ? meter.cap - leftOf(meter, item, now) : item?.used ?? 0;
}

/** How much could be taken now. */
export function leftOf(
  meter: CappedMeter,
  item: TableItem | undefined,
  now: number,
): number {
  const { cap } = meter;
  if (!isRate(meter)) return Math.max(0, cap - (item?.used ?? 0));
  const waitMs = Math.max(0, (item?.fullAt ?? 0) - now);
  const left = Math.floor(((MINUTE_MS - waitMs) * cap) / MINUTE_MS + 1e-6);
  return Math.min(cap, Math.max(0, left));
}

function addUsed(meter: MeterKey, amount: number, { now }: Moment) {
  return {
    key: meterKey(meter),
    set: 'SET #expiresAt = if_not_exists(#expiresAt, :expiresAt) ADD #used :amount',
    names: { ...USED, ...EXPIRES },
    values: {
      ':amount': amount,
      ':expiresAt': Math.ceil(now / 1000) + KEEP_SECONDS,
    } as Record<string, unknown>,
  };
}

/**
 * A bucket is one number: when it is full again. DynamoDB knows no maximum, so a full
 * bucket and one that is filling are two changes, each under its condition.
 *
 * @see https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
function takeFromBucket(
  meter: CappedMeter,
  amount: number,
  moment: Moment,
): Change {
  const unitMs = MINUTE_MS / meter.cap;
  const takes = amount * unitMs;
  // Sums of fractions miss a full bucket by a hair; half a unit lets none too many through.
  const latest = moment.now + MINUTE_MS + Math.min(0.1, unitMs / 2) - takes;
  return moveBucket(meter, { ...moment, takes, latest });
}

function returnToBucket(entry: Return, moment: Moment): Change {
  const takes = (-entry.amount * MINUTE_MS) / entry.cap;
  return moveBucket(entry, { ...moment, takes });
}

function moveBucket(
  meter: MeterKey,
  move: Moment & { takes: number; latest?: number },
): Change {
  const { now, seen, takes, latest } = move;
  const key = meterKey(meter);
  const names = { ...FULL, ...EXPIRES };
  const expiresAt = Math.ceil(now / 1000) + DAY_SECONDS;
  if ((seen?.fullAt ?? 0) < now) {
    return {
      key,
      set: 'SET #fullAt = :fullAt, #expiresAt = :expiresAt',
      when: 'attribute_not_exists(#fullAt) OR #fullAt < :now',
      names,
      values: { ':now': now, ':fullAt': now + takes, ':expiresAt': expiresAt },
    };
  }
  return {
    key,
    set: 'SET #expiresAt = :expiresAt ADD #fullAt :takes',
    when:
      latest === undefined
        ? '#fullAt >= :now'
        : '#fullAt BETWEEN :now AND :latest',
    names,
    values: {
      ...{ ':now': now, ':takes': takes, ':expiresAt': expiresAt },
      ...(latest === undefined ? {} : { ':latest': latest }),
    },
  };
}
