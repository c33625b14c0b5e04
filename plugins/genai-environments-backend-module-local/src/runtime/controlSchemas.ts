import {
  serviceStatusSchema,
  usageItemSchema,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { z } from 'zod';

/** Answer of `GET /control/status`. */
export const runtimeStatusSchema = z.object({
  uid: z.string(),
  pid: z.int().positive(),
  version: z.string(),
  /** Absent: a runtime from before there was a choice. */
  source: z.enum(['bundled', 'own']).default('bundled'),
  configHash: z.string(),
  services: z.array(serviceStatusSchema),
  applications: z.array(
    z.object({ clientId: z.string(), revision: z.number() }),
  ),
});
export type RuntimeStatus = z.infer<typeof runtimeStatusSchema>;

/** Answer of `GET /control/usage`. */
export const usageAnswerSchema = z.object({ items: z.array(usageItemSchema) });

export const openApiSchema = z.record(z.string(), z.unknown());
