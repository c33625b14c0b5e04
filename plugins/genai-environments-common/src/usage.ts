import { z } from 'zod';

/** Usage of one model by one application on one day (UTC). */
export const usageItemSchema = z.object({
  clientId: z.string(),
  model: z.string(),
  day: z.iso.date(),
  invocations: z.number().int().nonnegative(),
  failedInvocations: z.number().int().nonnegative(),
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
});
export type UsageItem = z.infer<typeof usageItemSchema>;
