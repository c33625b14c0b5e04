import type { Logger } from '@genai-environments/service-kit';
import type { AwsConfig, RuntimeConfig } from '../config';
import { createLocalPlatform } from './createLocalPlatform';
import type { Platform } from './Platform';

/**
 * Opens what the configuration names. The SDK of AWS is loaded only when it is needed.
 *
 * @throws ConfigError, DependencyError
 */
export async function createPlatform(options: {
  config: RuntimeConfig;
  logger: Logger;
}): Promise<Platform> {
  const { config, logger } = options;
  if (!config.aws) return createLocalPlatform(options);
  const { createAwsPlatform } = await import('./createAwsPlatform');
  return createAwsPlatform({
    config: config as RuntimeConfig & { aws: AwsConfig },
    logger,
  });
}
