import type {
  BedrockConfig,
  UpstreamConfig,
} from '@genai-environments/model-invocation';
import { telemetryEnvironmentSchema } from '@genai-environments/service-kit';
import type { z } from 'zod';
import { environmentSchema } from './environment';
import { ConfigError } from './errors';
import { parseRoles, Roles } from './commandLine';
import { usesProxy } from './proxy';

/** Everything the runtime knows about how it shall run. Read once, in `main.ts`. */
export type RuntimeConfig = Roles & {
  environment: { name: string; uid: string };
  dataDirectory: string;
  host: string;
  port: number;
  /** Origin that callers use; also the issuer of tokens. No trailing slash. */
  publicUrl: string;
  models: string[];
  upstreams: UpstreamConfig[];
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
  if (!parsed.success || !telemetry.success) {
    const issues = [parsed, telemetry].flatMap(
      ({ error }) => error?.issues ?? [],
    );
    throw new ConfigError(issues.map(describeIssue).join('\n'));
  }
  const { data } = parsed;
  const { GENAI_HOST: host, GENAI_PORT: port } = data;
  return {
    environment: {
      name: data.GENAI_ENVIRONMENT_NAME,
      uid: data.GENAI_ENVIRONMENT_UID,
    },
    ...roles,
    dataDirectory: data.GENAI_DATA_DIRECTORY,
    host,
    port,
    publicUrl: data.GENAI_PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    models: data.GENAI_MODELS,
    upstreams: data.GENAI_UPSTREAMS,
    bedrock: data.GENAI_BEDROCK,
    useEnvironmentProxy: usesProxy(env),
    appDirectory: data.GENAI_APP_DIRECTORY,
    controlKey: data.GENAI_CONTROL_KEY,
    configHash: data.GENAI_CONFIG_HASH,
    logLevel: data.GENAI_LOG_LEVEL,
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const [variable, ...inner] = issue.path.map(String);
  if (inner.length === 0 && issue.code === 'invalid_type') {
    return `${variable} is missing; set it as docs/runtime-protocol.md says.`;
  }
  const where = inner.length > 0 ? ` at ${inner.join('.')}` : '';
  // Messages of zod quote keys and limits, never values.
  return `${variable}${where} is wrong: ${issue.message}.`;
}

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
