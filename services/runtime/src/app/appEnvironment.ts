import { pickInherited } from '../inherited';

export type AppEnvironmentOptions = {
  inherited: Record<string, string | undefined>;
  port: number;
  environmentName: string;
  publicUrl: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  textModel?: string;
};

/**
 * The environment of the app's process.
 *
 * @see docs/runtime-protocol.md
 */
export function appEnvironment(
  options: AppEnvironmentOptions,
): Record<string, string> {
  const { inherited, textModel } = options;
  return {
    ...pickInherited(inherited),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(options.port),
    APP_BASE_PATH: '/app',
    GENAI_ENVIRONMENT_NAME: options.environmentName,
    GENAI_ENDPOINT: options.publicUrl,
    GENAI_TOKEN_URL: options.tokenUrl,
    GENAI_CLIENT_ID: options.clientId,
    GENAI_CLIENT_SECRET: options.clientSecret,
    ...(textModel === undefined ? {} : { GENAI_TEXT_MODEL: textModel }),
  };
}
