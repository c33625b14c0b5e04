import {
  type App,
  type Logger,
  startTelemetry,
  systemClock,
} from '@genai-environments/service-kit';
import { createAppSupervisor } from './app/createAppSupervisor';
import { createHostedServices } from './composition/createHostedServices';
import { findTextModel } from './composition/findTextModel';
import { isWorkerProcess, PortTakenError, RuntimeConfig } from './config';
import { createRuntimeApp } from './createRuntimeApp';
import { EnvironmentServices } from './platform/EnvironmentServices';
import { createPlatform } from './platform/createPlatform';
import { HealthReporter } from './platform/HealthReporter';
import { RELEASE } from './release';
import { WorkerCrew } from './WorkerCrew';

/** A runtime that listens. */
export type Runtime = {
  startedAt: Date;
  version: string;
  /** Lets requests and work in flight end, takes the app along, closes what was opened. Safe to call twice. */
  close(): Promise<void>;
};

/**
 * Composes the platform, the services, their workers, the control routes and the project's
 * app into one process and listens.
 *
 * @throws ConfigError when the data directory is not one of an environment
 * @throws DependencyError when a resource of AWS cannot be read
 * @throws PortTakenError
 */
export async function startRuntime(options: {
  config: RuntimeConfig;
  logger: Logger;
  /** Variables of this process: what the app may inherit, and where telemetry goes. */
  inherited: Record<string, string | undefined>;
  /** The provisioner asked for an end. */
  onShutdownRequested: () => void;
}): Promise<Runtime> {
  const { config, logger } = options;
  const { version } = RELEASE;
  const startedAt = new Date();
  const telemetry = await startTelemetry({
    env: options.inherited,
    identity: {
      serviceName: 'genai-environment',
      serviceVersion: version,
      environmentName: config.environment.name,
    },
  });

  const platform = await createPlatform({ config, logger });
  const environment = new EnvironmentServices({
    ...{ services: config.services, board: platform.board },
    clock: systemClock,
  });
  const composed: { app?: App } = {};
  const hosted = createHostedServices({
    ...{ config, platform, environment, version, logger, telemetry },
    app: () => composed.app!,
  });
  const crew = new WorkerCrew(hosted.workers);
  const { registry } = platform;
  const supervisor =
    isWorkerProcess(config) || !registry
      ? undefined
      : createAppSupervisor({
          ...{ ...options, registry },
          textModel: findTextModel(config),
        });
  const app = await createRuntimeApp({
    ...options,
    ...{ platform, environment },
    telemetry,
    hosted,
    crew,
    supervisor,
    startedAt,
    release: RELEASE,
  });

  composed.app = app;
  const reporter =
    platform.board && config.services.length > 0
      ? new HealthReporter({
          ...{ board: platform.board, logger },
          health: () => app.health(),
        })
      : undefined;

  async function close(): Promise<void> {
    supervisor?.retire();
    await reporter?.close();
    await Promise.all([app.close(), crew.close()]);
    await supervisor?.stop();
    // Only now: requests and work in hand needed them.
    await hosted.close();
    await platform.close();
    await telemetry?.close();
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
  reporter?.start();
  return { startedAt, version, close: closeOnce };
}
