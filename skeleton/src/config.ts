/** What the environment tells the app when it starts it. */
export type Config = {
  host: string;
  port: number;
  /** Prefix that every request carries, without trailing slash: `/app`, or empty. */
  basePath: string;
  environmentName: string;
  /** Base address of the environment's API, without trailing slash. */
  endpoint: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  /** Absent when the environment was given no text model. */
  textModel?: string;
  /** How long answers that are being streamed may go on once the app is told to stop. */
  shutdownGraceMs: number;
};

/** Names the variables that are missing or malformed; never quotes their values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the app's configuration from environment variables.
 *
 * @throws ConfigError with one sentence for each variable that is not usable.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const problems: string[] = [];

  const required = (name: string, meaning: string): string => {
    const value = env[name]?.trim();
    if (!value) problems.push(`Set ${name} to ${meaning}.`);
    return value ?? '';
  };

  const address = (name: string, meaning: string): string => {
    const value = required(name, meaning);
    if (value && !isHttpUrl(value)) {
      problems.push(`${name} must be an absolute http or https address.`);
    }
    return value.replace(/\/+$/, '');
  };

  const wholeNumber = (name: string, fallback: number, max: number): number => {
    const value = env[name]?.trim();
    if (!value) return fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number <= max) return number;
    problems.push(`${name} must be a whole number from 0 to ${max}.`);
    return fallback;
  };

  const basePath = (env.APP_BASE_PATH?.trim() || '/app').replace(/\/+$/, '');
  if (!/^(\/[A-Za-z0-9._~-]+)*$/.test(basePath)) {
    problems.push('APP_BASE_PATH must look like /app.');
  }
  const textModel = env.GENAI_TEXT_MODEL?.trim();

  const config: Config = {
    host: env.HOST?.trim() || '127.0.0.1',
    port: wholeNumber('PORT', 8080, 65_535),
    basePath,
    environmentName: env.GENAI_ENVIRONMENT_NAME?.trim() || 'GenAI environment',
    endpoint: address('GENAI_ENDPOINT', 'the address of the environment’s API'),
    tokenUrl: address(
      'GENAI_TOKEN_URL',
      'the address of the environment’s token endpoint',
    ),
    clientId: required('GENAI_CLIENT_ID', 'the client id of this application'),
    clientSecret: required(
      'GENAI_CLIENT_SECRET',
      'the client secret of this application',
    ),
    ...(textModel ? { textModel } : {}),
    shutdownGraceMs: 1000 * wholeNumber('SHUTDOWN_GRACE_SECONDS', 1, 3600),
  };
  if (problems.length > 0) throw new ConfigError(problems.join(' '));
  return config;
}

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'http:' || url?.protocol === 'https:';
}
