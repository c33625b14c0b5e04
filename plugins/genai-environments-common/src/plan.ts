import { z } from 'zod';

/** One reason why a request would be refused. */
export const planProblemSchema = z.object({
  /** Field of the request, e.g. `models.0`; empty for the request as a whole. */
  path: z.string(),
  code: z.enum([
    'invalid',
    'name-taken',
    'not-owner',
    'quota-exceeded',
    'unknown-model',
    'unknown-provisioner',
    'unknown-region',
    'unsupported-tier',
    'unsupported-service',
    'lifetime-exceeded',
    'not-permitted',
    'unavailable',
  ]),
  message: z.string(),
});
export type PlanProblem = z.infer<typeof planProblemSchema>;

/** Something that would be made for the environment, e.g. a process or a directory. */
export const plannedResourceSchema = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
});
export type PlannedResource = z.infer<typeof plannedResourceSchema>;

/** Price of something that is paid for as it is used. */
export const usePriceSchema = z.object({
  /** What is used, e.g. `requests`. */
  name: z.string(),
  /** How much of it `amount` buys, e.g. `million`. */
  unit: z.string(),
  /** In whole units of the currency of `monthlyCost`. */
  amount: z.number().nonnegative(),
});
export type UsePrice = z.infer<typeof usePriceSchema>;

/** Answer of `POST /v1/plan`. Creates nothing. */
export const planSchema = z.object({
  problems: z.array(planProblemSchema),
  resources: z.array(plannedResourceSchema),
  /** Idle cost. `amount` is in whole currency units per month. */
  monthlyCost: z.object({
    amount: z.number().nonnegative(),
    currency: z.string().length(3),
    note: z.string().optional(),
  }),
  /** What use costs beside that, models apart. Absent: nothing that is known. */
  perUse: z.array(usePriceSchema).optional(),
  expiresAt: z.iso.datetime().optional(),
});
export type Plan = z.infer<typeof planSchema>;
