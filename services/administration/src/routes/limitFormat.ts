import * as z from 'zod';
import type { LimitName, Limits, LimitState } from '../ports/LimitAdmin';

const rate = z.int().min(1).max(1_000_000_000);
const amount = z.int().min(0).max(1_000_000_000_000);

/** Limits on the wire. */
export const limitsSchema = z
  .strictObject({
    requests_per_minute: rate.optional(),
    tokens_per_minute: rate
      .optional()
      .describe('Input and output together, reserved by `max_tokens`.'),
    tokens_per_day: amount.optional().describe('Days and months are UTC.'),
    tokens_per_month: amount.optional(),
    micro_usd_per_day: amount
      .optional()
      .describe('Millionths of a US dollar: 1000000 is one dollar.'),
    micro_usd_per_month: amount.optional(),
  })
  .meta({ id: 'Limits' });

type WireName = keyof z.infer<typeof limitsSchema>;

const WIRE_NAMES: Record<LimitName, WireName> = {
  requestsPerMinute: 'requests_per_minute',
  tokensPerMinute: 'tokens_per_minute',
  tokensPerDay: 'tokens_per_day',
  tokensPerMonth: 'tokens_per_month',
  microUsdPerDay: 'micro_usd_per_day',
  microUsdPerMonth: 'micro_usd_per_month',
};
const NAMES = Object.entries(WIRE_NAMES) as Array<[LimitName, WireName]>;

export const limitStateSchema = z
  .object({
    name: z.enum(Object.values(WIRE_NAMES)),
    limit: z.int(),
    used: z.int().describe('Used in the period or held by calls in flight.'),
    left: z.int().nonnegative(),
    resets_at: z.string().describe('ISO 8601, UTC.'),
  })
  .meta({ id: 'LimitState' });

export function fromWire(wire: z.infer<typeof limitsSchema>): Limits {
  const limits: Limits = {};
  for (const [name, wireName] of NAMES) {
    if (wire[wireName] !== undefined) limits[name] = wire[wireName];
  }
  return limits;
}

export function toWire(limits: Limits): z.infer<typeof limitsSchema> {
  const wire: z.infer<typeof limitsSchema> = {};
  for (const [name, wireName] of NAMES) {
    if (limits[name] !== undefined) wire[wireName] = limits[name];
  }
  return wire;
}

export function toWireState({ name, resetsAt, ...numbers }: LimitState) {
  return { name: WIRE_NAMES[name], ...numbers, resets_at: resetsAt };
}
