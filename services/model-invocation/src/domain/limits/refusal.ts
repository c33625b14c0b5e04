import { LimitExceededError } from '@genai-environments/service-kit';
import { LIMITS, LimitUnit } from './Limits';
import type { Meter } from './Meter';
import { periodEnd } from './periods';

const UNITS: Record<LimitUnit, string> = {
  requests: 'requests',
  tokens: 'tokens',
  microUsd: 'US dollars',
};

/** What is told to a caller whose call would pass a limit. */
export function makeRefusal(options: {
  meter: Meter;
  /** What the call may take at most. */
  amount: number;
  /** What of the limit could be drawn. */
  left: number;
  now: number;
}): LimitExceededError {
  const { meter, now } = options;
  const left = Math.max(0, options.left + Math.max(0, meter.free));
  const { code } = LIMITS[meter.name];
  const resetsAt = resetTime(meter, { ...options, left });
  const retryAfterSeconds = Math.max(1, Math.ceil((resetsAt - now) / 1000));
  const message = `${whatIsLeft(meter, left)} ${whatToDo(meter, {
    ...options,
    left,
    resetsAt,
  })}`;
  const retryable = options.amount <= meter.cap;
  return new LimitExceededError(message, {
    ...{ code, retryAfterSeconds, retryable },
  });
}

function whatIsLeft(meter: Meter, left: number): string {
  const { period } = LIMITS[meter.name];
  const who = meter.subject === 'environment' ? 'environment' : 'application';
  const unit = UNITS[meter.unit];
  return `The limit of this ${who} is ${format(
    meter,
    meter.cap,
  )} ${unit} per ${period}, of which ${format(meter, left)} are left.`;
}

function whatToDo(
  meter: Meter,
  options: { amount: number; left: number; resetsAt: number },
): string {
  const { amount, left, resetsAt } = options;
  const reset = new Date(resetsAt).toISOString().replace(/\.\d+Z$/, 'Z');
  const needs =
    meter.unit === 'requests'
      ? ''
      : `This call may take up to ${format(meter, amount)}. `;
  if (amount > meter.cap) {
    return `${needs}Lower max_tokens, send less, or ask the owner of the environment for a higher limit; what is used resets at ${reset}.`;
  }
  if (meter.held > 0 && left + meter.held >= amount) {
    return `${needs}Calls in flight hold ${format(
      meter,
      meter.held,
    )}: try again when they have ended; the limit resets at ${reset}.`;
  }
  const smaller =
    left > 0 && meter.unit !== 'requests'
      ? ' Or lower max_tokens or send less.'
      : '';
  return `${needs}It resets at ${reset}: try again then.${smaller}`;
}

/** When the call would pass if nothing else is called meanwhile. */
function resetTime(
  meter: Meter,
  { amount, left, now }: { amount: number; left: number; now: number },
): number {
  if (!meter.isRate) return periodEnd(LIMITS[meter.name].period, now);
  const missing = Math.min(amount, meter.cap) - left;
  return now + Math.ceil((missing * 60_000) / meter.cap);
}

function format(meter: Meter, amount: number): string {
  return meter.unit === 'microUsd'
    ? (amount / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')
    : amount.toLocaleString('en-US');
}
