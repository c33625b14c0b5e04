import { z } from 'zod';

/** Longest environment name; leaves room for suffixes in DNS labels and AWS names. */
export const ENVIRONMENT_NAME_MAX_LENGTH = 32;

/** A DNS label (RFC 1123) that starts with a letter, as AWS stack names require. */
export const environmentNameSchema = z
  .string()
  .min(3, 'must have at least 3 characters')
  .max(
    ENVIRONMENT_NAME_MAX_LENGTH,
    `must have at most ${ENVIRONMENT_NAME_MAX_LENGTH} characters`,
  )
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    'must start with a lower-case letter, contain only lower-case letters, digits and hyphens, and not end with a hyphen',
  );

/** Isolation and price. */
export const tierSchema = z.enum(['sandbox', 'standard', 'isolated']);
export type Tier = z.infer<typeof tierSchema>;

/** Microservices an environment can run. */
export const serviceNameSchema = z.enum([
  'model-invocation',
  'document-processing',
  'vectorization',
  'prompt-management',
  'administration',
  'app',
]);
export type ServiceName = z.infer<typeof serviceNameSchema>;

/** Life of an environment in whole hours, as ISO 8601 duration: `PT8H`, `P7D`. */
export const lifetimeSchema = z
  .string()
  .regex(
    /^P(?=\d|T\d)(\d{1,3}D)?(T\d{1,4}H)?$/,
    'must be an ISO 8601 duration of days and hours such as PT8H or P7D',
  );

const entityRefSchema = z
  .string()
  .max(200)
  .regex(
    /^[a-z]+:[a-z0-9._-]+\/[A-Za-z0-9._-]+$/,
    'must be a full entity reference such as group:default/payments',
  );

/** How many tasks of a service can be asked for. */
export const MAX_SERVICE_TASKS = 10;

/** What the owner asked for. Changing it bumps the environment's generation. */
export const environmentSpecSchema = z.strictObject({
  provisioner: z.string().min(1).max(63),
  tier: tierSchema,
  region: z.string().min(1).max(63),
  /** Model ids the environment may invoke; at least one. */
  models: z
    .array(z.string().min(1).max(200))
    .min(1, 'choose at least one model')
    .max(50)
    .refine(models => new Set(models).size === models.length, {
      message: 'must not name a model twice',
    }),
  services: z
    .array(serviceNameSchema)
    .min(1, 'choose at least one service')
    .max(6)
    .refine(services => new Set(services).size === services.length, {
      message: 'must not name a service twice',
    }),
  description: z.string().max(500).optional(),
  /** Runs nothing, and keeps its data and its address, until it is woken. */
  hibernated: z.boolean().optional(),
  /**
   * Tasks of a service that run at least, where its provisioner can scale. Absent: as the
   * tier has it.
   */
  tasks: z
    .partialRecord(
      serviceNameSchema,
      z.number().int().min(1).max(MAX_SERVICE_TASKS),
    )
    .optional(),
  /**
   * When a restart of a service was asked for last. What runs since before is to be
   * replaced.
   */
  restarts: z.partialRecord(serviceNameSchema, z.iso.datetime()).optional(),
  /**
   * The project's own app. `repository` is where its source lives, for people to
   * follow; provisioners never fetch or execute what this address points at.
   */
  app: z
    .strictObject({
      repository: z.url().max(500).optional(),
      /** `environment`: the catalog module emits the app's Component; `repository`: its own catalog-info does. */
      catalogSource: z.enum(['environment', 'repository']).optional(),
    })
    .optional(),
});
export type EnvironmentSpec = z.infer<typeof environmentSpecSchema>;

/** Body of `POST /v1/environments` and `POST /v1/plan`. */
export const createEnvironmentRequestSchema = environmentSpecSchema
  .omit({ hibernated: true, tasks: true, restarts: true })
  .extend({
    name: environmentNameSchema,
    owner: entityRefSchema,
    /** Omitted: the platform's default lifetime. */
    expiresAfter: lifetimeSchema.optional(),
    /**
     * Correlates repeats of one request, e.g. the scaffolder task id. A repeat by the
     * same creator with the same spec answers 200 with the same record.
     */
    requestId: z.string().min(1).max(100).optional(),
  });
export type CreateEnvironmentRequest = z.infer<
  typeof createEnvironmentRequestSchema
>;

/** Body of `PATCH /v1/environments/:name`; absent fields stay as they are. */
export const updateEnvironmentRequestSchema = z.strictObject({
  models: environmentSpecSchema.shape.models.optional(),
  description: environmentSpecSchema.shape.description,
  /** Counted from now. */
  expiresAfter: lifetimeSchema.optional(),
});
export type UpdateEnvironmentRequest = z.infer<
  typeof updateEnvironmentRequestSchema
>;

/** Body of `POST /v1/environments/:name/services/:service/scale`. */
export const scaleServiceRequestSchema = z.strictObject({
  /** That run at least; a service under load may have more. */
  tasks: z
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1; hibernate the environment to stop it')
    .max(MAX_SERVICE_TASKS, `must be at most ${MAX_SERVICE_TASKS}`),
});
export type ScaleServiceRequest = z.infer<typeof scaleServiceRequestSchema>;

/** Where an environment is between the wish for it and its end. */
export const phaseSchema = z.enum([
  'Pending',
  'Provisioning',
  'Ready',
  'Updating',
  'Hibernating',
  'Hibernated',
  'Deleting',
  'Deleted',
  'Degraded',
  'Failed',
]);
export type Phase = z.infer<typeof phaseSchema>;

/** Same meaning as a Kubernetes condition. */
export const conditionSchema = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  /** CamelCase, for programs. */
  reason: z.string(),
  /** A sentence, for people. */
  message: z.string(),
  /** What the reader can do about it. */
  nextAction: z.string().optional(),
  lastTransitionAt: z.iso.datetime(),
});
export type Condition = z.infer<typeof conditionSchema>;

/** One service of an environment, as it was seen last. */
export const serviceStatusSchema = z.object({
  name: z.string(),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'stopped', 'unknown']),
  message: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  /** Where a service is more than one process. */
  tasks: z
    .object({
      running: z.number().int().nonnegative(),
      desired: z.number().int().nonnegative(),
    })
    .optional(),
  /** Absolute address of the service, when it has one. */
  url: z.string().optional(),
});
export type ServiceStatus = z.infer<typeof serviceStatusSchema>;

/** What was observed. Never contains a secret. */
export const environmentStatusSchema = z.object({
  phase: phaseSchema,
  observedGeneration: z.number().int().nonnegative(),
  conditions: z.array(conditionSchema),
  services: z.array(serviceStatusSchema),
  /** Present while a create, update or teardown is under way. */
  progress: z
    .object({
      completedSteps: z.number().int().nonnegative(),
      totalSteps: z.number().int().positive(),
      currentStep: z.string(),
    })
    .optional(),
  outputs: z
    .object({
      /** Base address of the environment's API, without trailing slash. */
      endpoint: z.string().optional(),
      /** OAuth 2.0 token endpoint (client_credentials). */
      tokenUrl: z.string().optional(),
      issuer: z.string().optional(),
      /** Address of the project's own app. */
      appUrl: z.string().optional(),
      /** Where the project's source is kept, when the provisioner keeps it. */
      repositoryUrl: z.string().optional(),
      /**
       * What hosts the services. `bundled`: as it was released; `own`: built from the
       * project's repository.
       */
      runtime: z
        .object({
          version: z.string(),
          source: z.enum(['bundled', 'own']),
        })
        .optional(),
    })
    .default({}),
});
export type EnvironmentStatus = z.infer<typeof environmentStatusSchema>;

/** One environment as the API answers it. */
export const environmentSchema = z.object({
  uid: z.string(),
  name: environmentNameSchema,
  owner: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
  deletionRequestedAt: z.iso.datetime().optional(),
  deletionRequestedBy: z.string().optional(),
  /** Bumped by each change of the spec, from 1. */
  generation: z.number().int().positive(),
  spec: environmentSpecSchema,
  status: environmentStatusSchema,
});
export type Environment = z.infer<typeof environmentSchema>;

/** A page of environments; `nextCursor` is absent on the last one. */
export type EnvironmentList = { items: Environment[]; nextCursor?: string };

/** `true` while work is under way that will end by itself. */
export function isTransitional(phase: Phase): boolean {
  return (
    phase === 'Pending' ||
    phase === 'Provisioning' ||
    phase === 'Updating' ||
    phase === 'Hibernating' ||
    phase === 'Deleting'
  );
}
