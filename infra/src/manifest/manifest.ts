import * as z from 'zod';

/** Isolation and price of an environment. */
export const TIERS = ['sandbox', 'standard', 'isolated'] as const;
export type BlueprintTier = (typeof TIERS)[number];

/** What keeps the vectors of an environment. */
export const VECTOR_STORES = ['s3-vectors', 'opensearch-serverless'] as const;
export type VectorStore = (typeof VECTOR_STORES)[number];

/** Where the value of a stack's parameter comes from. */
const parameterSourceSchema = z.discriminatedUnion('from', [
  z.object({
    from: z.literal('environment'),
    field: z.enum(['name', 'uid', 'owner']),
  }),
  /** An output of another stack, copied. */
  z.object({
    from: z.literal('output'),
    stack: z.enum(['foundation', 'core']),
    output: z.string(),
  }),
  /** An optional setting of the account and region. */
  z.object({ from: z.literal('target'), key: z.string() }),
  z.object({
    from: z.literal('provisioner'),
    what: z.enum([
      'state',
      'model',
      'models',
      'textModel',
      'bedrockConfig',
      'foundationModelArns',
      'runtimeImage',
      'appImage',
      'runsService',
      'listenerPriority',
      /** Of the ECS service that the name of the parameter ends with. */
      'tasks',
      'restartedAt',
      /** The other one of two, when a parameter that the API is made of changes. */
      'apiRevision',
    ]),
  }),
]);
export type ParameterSource = z.infer<typeof parameterSourceSchema>;

const parameterSchema = z.object({
  name: z.string(),
  description: z.string(),
  type: z.enum(['String', 'Number', 'CommaDelimitedList']),
  default: z.string().optional(),
  allowedValues: z.array(z.string()).optional(),
  allowedPattern: z.string().optional(),
  maxLength: z.number().optional(),
  minValue: z.number().optional(),
  maxValue: z.number().optional(),
  source: parameterSourceSchema,
});
export type ParameterBlueprint = z.infer<typeof parameterSchema>;

const ecsServiceSchema = z.object({
  logicalId: z.string(),
  /** `{name}` stands for the environment's. */
  name: z.string(),
  hosts: z.array(z.string()),
  workers: z.array(z.string()),
});
export type EcsServiceBlueprint = z.infer<typeof ecsServiceSchema>;

const emptyBeforeDeleteSchema = z.object({
  type: z.string(),
  /** The output that names it. */
  output: z.string(),
});
export type EmptyBeforeDelete = z.infer<typeof emptyBeforeDeleteSchema>;

const stackSchema = z.object({
  kind: z.enum(['foundation', 'core', 'services']),
  /** Name of the file beside the manifest. */
  template: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  resourceCount: z.number(),
  resourcesByType: z.record(z.string(), z.number()),
  capabilities: z.array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'])),
  parameters: z.array(parameterSchema),
  outputs: z.array(z.object({ name: z.string(), description: z.string() })),
  ecsServices: z.array(ecsServiceSchema),
  /** Parameters that the body of the API is made of, by way of other resources too. */
  apiParameters: z.array(z.string()),
  /** What CloudFormation refuses to delete while something is in it. */
  emptyBeforeDelete: z.array(emptyBeforeDeleteSchema),
});
export type StackBlueprint = z.infer<typeof stackSchema>;

const costSchema = z.object({
  /** US dollars a month while nobody calls. */
  idleMonthlyUsd: z.number(),
  hibernatedMonthlyUsd: z.number(),
  items: z.array(
    z.object({
      name: z.string(),
      monthlyUsd: z.number(),
      hibernatedMonthlyUsd: z.number(),
      /** How the number comes about. */
      basis: z.string(),
    }),
  ),
  perUse: z.array(
    z.object({ name: z.string(), unit: z.string(), usd: z.number() }),
  ),
  note: z.string(),
});
export type CostModel = z.infer<typeof costSchema>;

const creationSchema = z.object({
  /** How long both stacks take, one after the other. */
  seconds: z.number(),
  /** The chain of resources that takes longest. */
  steps: z.array(
    z.object({
      stack: z.enum(['core', 'services']),
      logicalId: z.string(),
      type: z.string(),
      seconds: z.number(),
    }),
  ),
});
export type CreationModel = z.infer<typeof creationSchema>;

const environmentSchema = z.object({
  /** `<tier>-<vector store>`. */
  id: z.string(),
  tier: z.enum(TIERS),
  vectorStore: z.enum(VECTOR_STORES),
  core: stackSchema,
  services: stackSchema,
  cost: costSchema,
  creation: creationSchema,
});
export type EnvironmentBlueprint = z.infer<typeof environmentSchema>;

/** What lies beside the templates and says how to use them. */
export const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  /** Of the package. */
  version: z.string(),
  prices: z.object({
    region: z.string(),
    date: z.iso.date(),
    currency: z.literal('USD'),
  }),
  foundation: stackSchema.extend({ cost: costSchema }),
  environments: z.array(environmentSchema),
});
export type BlueprintManifest = z.infer<typeof manifestSchema>;
