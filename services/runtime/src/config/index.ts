import type {
  BedrockConfig,
  ModelAliases,
  ModelPrice,
  UpstreamConfig,
} from '@genai-environments/model-invocation';
import { telemetryEnvironmentSchema } from '@genai-environments/service-kit';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { findAliasProblems } from './aliases';
import {
  type AwsConfig,
  awsEnvironmentSchema,
  findMissing,
  toAwsConfig,
} from './aws';
import { environmentSchema } from './environment';
import { ConfigError } from './errors';
import { isWorkerProcess, parseRoles, Roles } from './commandLine';
import { usesProxy } from './proxy';

/** Everything the runtime knows about how it shall run. Read once, in `main.ts`. */
export type RuntimeConfig = Roles & {
  environment: { name: string; uid: string };
  /** Where everything is kept; on AWS only what is needed while a file is read. */
  dataDirectory: string;
  /** Resources of AWS that keep everything; absent: the data directory does. */
  aws?: AwsConfig;
  host: string;
  port: number;
  /** Where callers reach it; locally an origin, and the issuer of tokens. No trailing slash. */
  publicUrl: string;
  models: string[];
  upstreams: UpstreamConfig[];
  /** Alias → ids of models: the one that is meant, then those that take over. */
  aliases?: ModelAliases;
  /** Beside and before the pinned price file, by id of the model. */
  prices?: Record<string, ModelPrice>;
  /** Models of Amazon Bedrock; credentials are found as AWS's own tools find them. */
  bedrock?: BedrockConfig;
  /** A proxy stands between this machine and others. */
  useEnvironmentProxy: boolean;
  appDirectory?: string;
  controlKey: string;
  configHash: string;
  logLevel: z.infer<typeof environmentSchema>['GENAI_LOG_LEVEL'];
};

/**
 * Reads the command line (without `node` and the script) and the environment.
 *
 * @throws ConfigError with one sentence per problem; it names variables, never values.
 */
export function readConfig(
  argv: string[],
  env: Record<string, string | undefined>,
): RuntimeConfig {
  const roles = parseRoles(argv);
  const parsed = environmentSchema.safeParse(env);
  // Used by `startTelemetry`; refused here, so that all problems are told at once.
  const telemetry = telemetryEnvironmentSchema.safeParse(env);
  const { aws, problems } = readAws(env, roles);
  for (const { error } of [parsed, telemetry]) {
    problems.push(...(error?.issues ?? []).map(describeIssue));
  }
  if (parsed.success) problems.push(...findProblems(parsed.data, roles));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(problems.join('\n'));
  }
  const { data } = parsed;
  const { GENAI_HOST: host, GENAI_PORT: port } = data;
  return {
    environment: {
      name: data.GENAI_ENVIRONMENT_NAME,
      uid: data.GENAI_ENVIRONMENT_UID,
    },
    ...roles,
    dataDirectory:
      data.GENAI_DATA_DIRECTORY ?? join(tmpdir(), 'genai-environment'),
    aws,
    host,
    port,
    publicUrl: data.GENAI_PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    models: data.GENAI_MODELS,
    upstreams: data.GENAI_UPSTREAMS,
    bedrock: data.GENAI_BEDROCK,
    aliases: data.GENAI_MODEL_ALIASES,
    prices: data.GENAI_PRICES,
    useEnvironmentProxy: usesProxy(env),
    appDirectory: data.GENAI_APP_DIRECTORY,
    controlKey: data.GENAI_CONTROL_KEY,
    configHash: data.GENAI_CONFIG_HASH,
    logLevel: data.GENAI_LOG_LEVEL,
  };
}

/** The resources of AWS when they are to be used, and what is wrong with them. */
function readAws(
  env: Record<string, string | undefined>,
  roles: Roles,
): { aws?: AwsConfig; problems: string[] } {
  if (env.GENAI_PLATFORM !== 'aws') return { problems: [] };
  const parsed = awsEnvironmentSchema.safeParse(env);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(describeIssue) };
  }
  const problems = findMissing(parsed.data, roles);
  return problems.length > 0
    ? { problems }
    : { aws: toAwsConfig(parsed.data), problems };
}

/** What no variable is wrong about by itself. */
function findProblems(
  data: z.output<typeof environmentSchema>,
  roles: Roles,
): string[] {
  const problems = findAliasProblems(data);
  if (data.GENAI_PLATFORM === 'aws' && data.GENAI_APP_DIRECTORY) {
    problems.push(
      "GENAI_APP_DIRECTORY is wrong: on AWS the project's app runs in a container of its own. Leave it out.",
    );
  }
  if (
    data.GENAI_PLATFORM === 'aws' &&
    !data.GENAI_PUBLIC_URL &&
    !isWorkerProcess(roles)
  ) {
    problems.push(
      'GENAI_PUBLIC_URL is missing; set it to the address that callers use.',
    );
  }
  const publicUrl = data.GENAI_PUBLIC_URL;
  if (data.GENAI_PLATFORM === 'local' && publicUrl) {
    if (new URL(publicUrl).origin !== publicUrl) {
      problems.push('GENAI_PUBLIC_URL is wrong: must not have a path.');
    }
  }
  if (data.GENAI_PLATFORM === 'local' && !data.GENAI_DATA_DIRECTORY) {
    problems.push(missing('GENAI_DATA_DIRECTORY'));
  }
  return problems;
}

function missing(variable: string): string {
  return `${variable} is missing; set it as docs/runtime-protocol.md says.`;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const [variable, ...inner] = issue.path.map(String);
  if (inner.length === 0 && issue.code === 'invalid_type') {
    return missing(variable);
  }
  const where = inner.length > 0 ? ` at ${inner.join('.')}` : '';
  // Messages of zod quote keys and limits, never values.
  return `${variable}${where} is wrong: ${issue.message}.`;
}

export type { AwsConfig, QueueConfig } from './aws';
export { ConfigError, EXIT_CODES, PortTakenError } from './errors';
export { isWorkerProcess } from './commandLine';
export {
  HOSTED_SERVICES,
  HOSTED_WORKERS,
  type HostedService,
  type HostedWorker,
  WORKER_SERVICES,
} from './services';
export { noProxyWithLoopback } from './proxy';
