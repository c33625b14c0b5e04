import * as z from 'zod';
import { isWorkerProcess, type Roles } from './commandLine';
import {
  type HostedService,
  type HostedWorker,
  WORKER_SERVICES,
} from './services';

/** A queue of SQS and where it puts what is given up. */
export type QueueConfig = { url: string; deadLetterUrl: string };

/** The resources of an environment on AWS. */
export type AwsConfig = {
  region: string;
  table: string;
  bucket: string;
  cognito: {
    userPoolId: string;
    /** Where applications get their tokens. */
    tokenUrl: string;
    /** Default: that of the pool. */
    jwksUrl?: string;
  };
  /** Those that are known here; all that the process's roles need. */
  queues: Partial<Record<HostedWorker, QueueConfig>>;
  vectorBucket?: string;
  openSearchEndpoint?: string;
  /** Whether Textract reads images and PDF. */
  usesTextract: boolean;
};

const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http or https URL',
});

const queueSettings = Object.fromEntries(
  (Object.keys(WORKER_SERVICES) as HostedWorker[]).flatMap(worker => [
    [queueVariable(worker), httpUrl.optional()],
    [deadLetterVariable(worker), httpUrl.optional()],
  ]),
);

/** Variables of a runtime with `GENAI_PLATFORM=aws`; which of them it needs depends on its roles. */
export const awsEnvironmentSchema = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as "eu-central-1"')
    .optional(),
  GENAI_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be the name of a DynamoDB table')
    .optional(),
  GENAI_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  GENAI_COGNITO_USER_POOL_ID: z
    .string()
    .regex(
      /^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]{1,55}$/,
      'must be the id of a user pool such as "eu-central-1_AbCdEfGhI"',
    )
    .optional(),
  GENAI_COGNITO_TOKEN_URL: httpUrl.optional(),
  GENAI_COGNITO_JWKS_URL: httpUrl.optional(),
  GENAI_VECTOR_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be a vector bucket')
    .optional(),
  GENAI_OPENSEARCH_ENDPOINT: httpUrl.optional(),
  GENAI_TEXTRACT: z.enum(['on', 'off'], 'must be "on" or "off"').default('on'),
  ...queueSettings,
});

type AwsVariables = z.output<typeof awsEnvironmentSchema> &
  Record<string, string | undefined>;

const MEANING = {
  AWS_REGION: 'the region of the environment, such as "eu-central-1"',
  GENAI_TABLE: "the name of the environment's DynamoDB table",
  GENAI_BUCKET: "the name of the environment's S3 bucket",
  GENAI_COGNITO_USER_POOL_ID: 'the id of the user pool of its applications',
  GENAI_COGNITO_TOKEN_URL:
    'the address where applications get tokens, https://<domain of the pool>/oauth2/token',
} as const;

/** Which resources are lacking for what the process does; a sentence for each. */
export function findMissing(variables: AwsVariables, roles: Roles): string[] {
  const missing = Object.entries(MEANING)
    .filter(([name]) => variables[name] === undefined)
    .filter(
      ([name]) => name !== 'GENAI_COGNITO_TOKEN_URL' || !isWorkerProcess(roles),
    )
    .map(([name, what]) => `${name} is missing; set it to ${what}.`);
  const queues = queuesOf(roles).flatMap(worker => [
    ...missingUrl(variables, queueVariable(worker), {
      what: `the URL of the SQS queue of ${worker}`,
    }),
    ...missingUrl(variables, deadLetterVariable(worker), {
      what: `the URL of its dead-letter queue`,
    }),
  ]);
  const vectors =
    uses(roles, 'vectorization') &&
    !variables.GENAI_VECTOR_BUCKET &&
    !variables.GENAI_OPENSEARCH_ENDPOINT
      ? [
          'GENAI_VECTOR_BUCKET is missing; set it to the name of an S3 vector bucket, or GENAI_OPENSEARCH_ENDPOINT to the address of a collection.',
        ]
      : [];
  return [...missing, ...queues, ...vectors];
}

/** Of variables among which nothing is missing. */
export function toAwsConfig(variables: AwsVariables): AwsConfig {
  const queues: AwsConfig['queues'] = {};
  for (const worker of Object.keys(WORKER_SERVICES) as HostedWorker[]) {
    const url = variables[queueVariable(worker)];
    const deadLetterUrl = variables[deadLetterVariable(worker)];
    if (url && deadLetterUrl) queues[worker] = { url, deadLetterUrl };
  }
  return {
    region: variables.AWS_REGION!,
    table: variables.GENAI_TABLE!,
    bucket: variables.GENAI_BUCKET!,
    cognito: {
      userPoolId: variables.GENAI_COGNITO_USER_POOL_ID!,
      tokenUrl: variables.GENAI_COGNITO_TOKEN_URL ?? '',
      jwksUrl: variables.GENAI_COGNITO_JWKS_URL,
    },
    queues,
    vectorBucket: variables.GENAI_VECTOR_BUCKET,
    openSearchEndpoint: variables.GENAI_OPENSEARCH_ENDPOINT,
    usesTextract: variables.GENAI_TEXTRACT === 'on',
  };
}

/** Chunks are made by documents, so vectors need their queues, too. */
function queuesOf(roles: Roles): HostedWorker[] {
  const hasVectors = uses(roles, 'vectorization');
  const hasDocuments = hasVectors || uses(roles, 'document-processing');
  return (Object.keys(WORKER_SERVICES) as HostedWorker[]).filter(worker =>
    WORKER_SERVICES[worker] === 'vectorization' ? hasVectors : hasDocuments,
  );
}

function uses({ services, workers }: Roles, service: HostedService): boolean {
  return (
    services.includes(service) ||
    workers.some(worker => WORKER_SERVICES[worker] === service)
  );
}

function missingUrl(
  variables: AwsVariables,
  name: string,
  { what }: { what: string },
): string[] {
  return variables[name] === undefined
    ? [`${name} is missing; set it to ${what}.`]
    : [];
}

function queueVariable(worker: HostedWorker): string {
  return `GENAI_QUEUE_${worker.toUpperCase()}`;
}

function deadLetterVariable(worker: HostedWorker): string {
  return `GENAI_DEAD_LETTER_QUEUE_${worker.toUpperCase()}`;
}
