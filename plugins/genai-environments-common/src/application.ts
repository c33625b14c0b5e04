import { z } from 'zod';

/** OAuth 2.0 scopes an application of an environment can hold. */
export const applicationScopeSchema = z.enum([
  'genaifoundations/read',
  'genai/model.invoke',
  'genai/document.write',
  'genai/vector.read',
  'genai/vector.write',
  'genai/prompt.read',
  'genai/prompt.write',
  'genai/usage.read',
  'genai/admin',
]);
export type ApplicationScope = z.infer<typeof applicationScopeSchema>;

/** Opens `/admin`: limits, the log of calls, applications. Asks for a permission of its own. */
export const ADMINISTRATION_SCOPE: ApplicationScope = 'genai/admin';

/** Scopes of an application for which none were asked: all of the classic API. */
export const DEFAULT_APPLICATION_SCOPES: ApplicationScope[] = [
  'genaifoundations/read',
];

/** Name of an application: unique in its environment. */
export const applicationNameSchema = z
  .string()
  .min(2, 'must have at least 2 characters')
  .max(40, 'must have at most 40 characters')
  .regex(
    /^[a-z][a-z0-9-]*[a-z0-9]$/,
    'must start with a lower-case letter, contain only lower-case letters, digits and hyphens, and not end with a hyphen',
  );

/** Onboards a caller. Without scopes it may use every service. */
export const createApplicationRequestSchema = z.strictObject({
  name: applicationNameSchema,
  description: z.string().max(200).optional(),
  scopes: z.array(applicationScopeSchema).min(1).max(9).optional(),
});
export type CreateApplicationRequest = z.infer<
  typeof createApplicationRequestSchema
>;

/** An external caller onboarded to an environment. Holds no secret. */
export const applicationSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  /** OAuth 2.0 client id, equal to the `client_id` claim of its tokens. */
  clientId: z.string(),
  scopes: z.array(z.string()),
  enabled: z.boolean(),
  /**
   * `project-app` is the project's own app: the environment hands it its secret
   * itself, so the secret can be neither rotated nor revealed.
   */
  kind: z.enum(['external', 'project-app']),
  /** Bumped by each rotation, from 1. */
  secretVersion: z.number().int().nonnegative(),
  /**
   * `pending`: being written by the provisioner; `available`: can be revealed once;
   * `revealed`: rotate to see a new one; `managed`: kind is `project-app`.
   */
  secretState: z.enum(['pending', 'available', 'revealed', 'managed']),
  /** Whether the environment already honours the latest change. */
  observed: z.boolean(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  rotatedAt: z.iso.datetime().optional(),
  revealedAt: z.iso.datetime().optional(),
  revealedBy: z.string().optional(),
});
export type Application = z.infer<typeof applicationSchema>;

/** Answer of `POST …/reveal`: the only place where a secret crosses the API. */
export type RevealedSecret = {
  clientId: string;
  clientSecret: string;
  secretVersion: number;
};
