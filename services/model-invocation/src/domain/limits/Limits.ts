import * as z from 'zod';

const amount = z.int().min(0).max(1_000_000_000_000);
const rate = z.int().min(1).max(1_000_000_000);

/** What an application or an environment may use at most; an absent limit does not hold. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: rate.optional(),
  /** Input and output together. */
  tokensPerMinute: rate.optional(),
  /** Days and months are those of UTC. */
  tokensPerDay: amount.optional(),
  tokensPerMonth: amount.optional(),
  /** Millionths of a US dollar. */
  microUsdPerDay: amount.optional(),
  microUsdPerMonth: amount.optional(),
});

export type Limits = z.infer<typeof limitsSchema>;
export type LimitName = keyof Limits;
export type LimitUnit = 'requests' | 'tokens' | 'microUsd';
export type LimitPeriod = 'minute' | 'day' | 'month';

/** What each limit counts, over what time, and the code of the error that names it. */
export const LIMITS: Record<
  LimitName,
  { unit: LimitUnit; period: LimitPeriod; code: string }
> = {
  requestsPerMinute: {
    unit: 'requests',
    period: 'minute',
    code: 'requests_per_minute',
  },
  tokensPerMinute: {
    unit: 'tokens',
    period: 'minute',
    code: 'tokens_per_minute',
  },
  tokensPerDay: { unit: 'tokens', period: 'day', code: 'token_budget' },
  tokensPerMonth: { unit: 'tokens', period: 'month', code: 'token_budget' },
  microUsdPerDay: { unit: 'microUsd', period: 'day', code: 'money_budget' },
  microUsdPerMonth: { unit: 'microUsd', period: 'month', code: 'money_budget' },
};

export const LIMIT_NAMES = Object.keys(LIMITS) as LimitName[];

/** Whose limit it is: an application's or the whole environment's. */
export type LimitSubject = 'environment' | `application:${string}`;

export const ENVIRONMENT: LimitSubject = 'environment';

export function applicationSubject(clientId: string): LimitSubject {
  return `application:${clientId}`;
}

/** How much of each unit a call takes. */
export type Amounts = Record<LimitUnit, number>;
