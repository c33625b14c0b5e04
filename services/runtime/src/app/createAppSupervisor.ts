import { join } from 'node:path';
import type { Logger } from '@genai-environments/service-kit';
import type { ApplicationRegistry } from '../applications';
import type { RuntimeConfig } from '../config';
import { ISSUER_ROUTES } from '../issuer/routes';
import { AppSupervisor } from './AppSupervisor';
import { BoundedLog } from './BoundedLog';

/** `undefined` when the environment has no app of its project. */
export function createAppSupervisor(options: {
  config: RuntimeConfig;
  logger: Logger;
  /** What the app's process may inherit from; filtered. */
  inherited: Record<string, string | undefined>;
  registry: ApplicationRegistry;
  textModel: string | undefined;
}): AppSupervisor | undefined {
  const { config, inherited, registry, textModel } = options;
  if (config.appDirectory === undefined) return undefined;
  const logger = options.logger.child({ service: 'app' });

  const log = new BoundedLog({ path: join(config.dataDirectory, 'app.log') });
  log.on('error', error =>
    logger.warn({ err: error }, 'The output of the app is not kept any more'),
  );
  return new AppSupervisor({
    directory: config.appDirectory,
    registry,
    log,
    logger,
    environment: {
      inherited,
      textModel,
      environmentName: config.environment.name,
      publicUrl: config.publicUrl,
      tokenUrl: config.publicUrl + ISSUER_ROUTES.token,
    },
  });
}
