import { z } from 'zod';
import { serviceNameSchema, tierSchema } from './environment';

/** A model that an environment can be given. */
export const modelInfoSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['text', 'embedding']),
  provider: z.string(),
  description: z.string().optional(),
});
export type ModelInfo = z.infer<typeof modelInfoSchema>;

/** What can be chosen from a provisioner. */
export const provisionerInfoSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  tiers: z.array(tierSchema),
  regions: z.array(z.string()),
  services: z.array(serviceNameSchema),
  /** Environments can be hibernated and woken. Absent: they cannot. */
  canHibernate: z.boolean().optional(),
  /** The tasks of services can be set. Absent: they cannot. */
  canScale: z.boolean().optional(),
  /** Chosen for requests that come from a form without one. */
  isDefault: z.boolean(),
});
export type ProvisionerInfo = z.infer<typeof provisionerInfoSchema>;

/** Where a project's source code can go. */
export const publishTargetSchema = z.enum(['local', 'github']);
export type PublishTarget = z.infer<typeof publishTargetSchema>;

/** What the platform allows, as `GET /v1/limits` answers it for the caller. */
export const limitsSchema = z.object({
  /** ISO 8601 duration. */
  defaultLifetime: z.string(),
  maxLifetime: z.string(),
  maxEnvironmentsPerOwner: z.number().int(),
  /** Groups and user the caller may create environments for. */
  owners: z.array(z.string()),
  /** `github` only when the portal has credentials for it. */
  publishTargets: z.array(publishTargetSchema),
});
export type Limits = z.infer<typeof limitsSchema>;
