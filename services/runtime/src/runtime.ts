import { join } from 'node:path';
import { type Logger, openDatabase } from '@genai-environments/service-kit';
import { version } from '../package.json';
import { createAppSupervisor } from './app/createAppSupervisor';
import { ApplicationRegistry } from './applications';
import { isWorkerProcess, PortTakenError, RuntimeConfig } from './config';
import { createRuntimeApp } from './createRuntimeApp';
import { loadSigningKeys } from './issuer/signingKeys';
import { assertDataDirectory } from './lifecycle/dataDirectory';
import { createHostedServices, findTextModel } from './services';
import { WorkerCrew } from './WorkerCrew';

/** A runtime that listens. */
export type Runtime = {
  startedAt: Date;
  version: string;
  /** Lets requests and work in flight end, takes the app along, closes what was opened. Safe to call twice. */
  close(): Promise<void>;
};

/**
 * Composes the services, their workers, the token issuer, the control routes and the
 * project's app into one process and listens.
 *
 * @throws ConfigError when the data directory is not one of an environment
 * @throws PortTakenError
 */
export async function startRuntime(options: {
  config: RuntimeConfig;
  logger: Logger;
  /** What the app's process may inherit from; filtered. */
  inherited: Record<string, string | undefined>;
  /** The provisioner asked for an end. */
  onShutdownRequested: () => void;
}): Promise<Runtime> {
  const { config, logger } = options;
  const { dataDirectory } = config;
  const startedAt = new Date();
  await assertDataDirectory(dataDirectory);

  const keys = await loadSigningKeys({ dataDirectory });
  const database = openDatabase({
    path: join(dataDirectory, 'applications.db'),
    migrations: ApplicationRegistry.migrations,
  });
  const registry = new ApplicationRegistry({ database });
  const hosted = createHostedServices({ config, logger });
  const crew = new WorkerCrew(hosted.workers);
  const supervisor = isWorkerProcess(config)
    ? undefined
    : createAppSupervisor({
        ...options,
        registry,
        textModel: findTextModel(config),
      });
  const app = await createRuntimeApp({
    ...options,
    keys,
    registry,
    hosted,
    crew,
    supervisor,
    startedAt,
    version,
  });

  async function close(): Promise<void> {
    supervisor?.retire();
    await Promise.all([app.close(), crew.close()]);
    await supervisor?.stop();
    // Only now: requests and work in hand needed them.
    await hosted.close();
    database.close();
  }
  let closed: Promise<void> | undefined;
  const closeOnce = () => (closed ??= close());

  try {
    await app.listen(config);
  } catch (error) {
    await closeOnce();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortTakenError(
      `Port ${config.port} of ${config.host} is taken by another process.`,
    );
  }
  supervisor?.start();
  crew.start();
  return { startedAt, version, close: closeOnce };
}
