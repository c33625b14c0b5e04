import * as z from 'zod';

const secretSchema = z.strictObject({
  version: z.int().positive(),
  /** Hex digest of the secret. The secret itself never comes here. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  /** From then on the secret does not authenticate any more. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});

/** OAuth 2.0 `scope-token` (RFC 6749, section 3.3). */
const scopeSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be an OAuth 2.0 scope');

/** Body of `PUT /control/applications/:clientId`. */
export const applicationSpecSchema = z
  .strictObject({
    name: z.string().min(1).max(63),
    /** `project-app`: the runtime makes its secret up and hands it to the app's process. */
    kind: z.enum(['external', 'project-app']),
    scopes: z.array(scopeSchema).min(1).max(20),
    enabled: z.boolean(),
    /** Echoed by status, so that the provisioner sees what is in force. */
    revision: z.int().nonnegative(),
    secrets: z.array(secretSchema).max(10),
  })
  .refine(({ kind, secrets }) => kind === 'external' || secrets.length === 0, {
    path: ['secrets'],
    message: 'must be empty for a project-app: the runtime makes its secret up',
  });

/** Safe in an HTTP Basic header, in a URL and in a log. */
export const clientIdSchema = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z0-9_-]+$/,
    'must consist of letters, digits, hyphens and underscores',
  );

export type ApplicationSpec = z.infer<typeof applicationSpecSchema>;
export type Application = ApplicationSpec & { clientId: string };
