import {
  type App,
  buildApp,
  type Logger,
  type ServiceApp,
  type Telemetry,
} from '@genai-environments/service-kit';
import { appRoutes } from './app/appRoutes';
import type { AppSupervisor } from './app/AppSupervisor';
import { isWorkerProcess, RuntimeConfig } from './config';
import { controlRoutes } from './control/controlRoutes';
import { describeRuntime } from './control/status';
import { createHostCheck } from './http/hostCheck';
import { createEnvironmentDocument } from './http/environmentDocument';
import { indexRoute } from './http/indexRoute';
import { closeUnusedConnections } from './http/unusedConnections';
import type { HostedServices } from './composition/createHostedServices';
import type { EnvironmentServices } from './platform/EnvironmentServices';
import type { Platform } from './platform/Platform';
import type { Release } from './release';
import type { WorkerCrew } from './WorkerCrew';

export type RuntimeAppOptions = {
  config: RuntimeConfig;
  logger: Logger;
  platform: Platform;
  /** What the environment runs. */
  environment: EnvironmentServices;
  /** Absent: off. */
  telemetry?: Telemetry;
  hosted: HostedServices;
  crew: WorkerCrew;
  supervisor: AppSupervisor | undefined;
  startedAt: Date;
  release: Release;
  onShutdownRequested: () => void;
};

/** Everything that this process answers, under one address. */
export async function createRuntimeApp(
  options: RuntimeAppOptions,
): Promise<App> {
  const { config, logger, platform, hosted, release } = options;
  const common = {
    logger,
    info: {
      title: config.environment.name,
      version: release.version,
      serverUrl: config.publicUrl,
      tokenUrl: platform.tokens.tokenUrl,
    },
    auth: platform.auth,
  };
  const app: App = await buildApp({
    ...common,
    // The runtime closes the services itself, after the workers.
    services: hosted.definitions.map(service => ({
      ...service,
      close: () => {},
    })),
    document: isForAll(options)
      ? createEnvironmentDocument({
          list: () => options.environment.list(),
          describe: hosted.describe,
          app: {
            ...common,
            routes: fastify => addCallerRoutes(fastify, options),
          },
        })
      : undefined,
    hooks: fastify => {
      options.telemetry?.addHttpHooks(fastify);
      closeUnusedConnections(fastify);
      const checkHost = createHostCheck(config);
      fastify.addHook('onRequest', (request, _reply, done) => {
        checkHost(request);
        done();
      });
    },
    routes: async fastify => {
      await addControlRoutes(fastify, { ...options, app: () => app });
      if (isWorkerProcess(config)) return;
      await addCallerRoutes(fastify, options);
    },
  });
  return app;
}

/** Where several processes answer, the one with the administration tells of them all. */
function isForAll({ config, platform }: RuntimeAppOptions): boolean {
  return Boolean(platform.board) && config.services.includes('administration');
}

async function addControlRoutes(
  fastify: ServiceApp,
  options: RuntimeAppOptions & { app: () => App },
): Promise<void> {
  const { config, platform, hosted, crew, supervisor, app } = options;
  const { startedAt, release, onShutdownRequested } = options;
  await fastify.register(
    controlRoutes({
      controlKey: config.controlKey,
      applications: platform.portalApplications,
      usage: hosted.usage,
      shutdown: onShutdownRequested,
      status: () =>
        describeRuntime({
          config,
          release,
          startedAt,
          applications: platform.portalApplications.list(),
          health: () => app().health(),
          workerHealth: () => crew.health(),
          app: supervisor,
        }),
    }),
  );
}

async function addCallerRoutes(
  fastify: ServiceApp,
  options: RuntimeAppOptions,
): Promise<void> {
  const { config, platform, release, hosted, supervisor } = options;
  const { publicUrl, environment } = config;
  await fastify.register(
    appRoutes({ supervisor, publicUrl, environmentName: environment.name }),
  );
  await fastify.register(
    indexRoute({
      ...{ config, release, services: hosted.definitions },
      tokenUrl: platform.tokens.tokenUrl,
    }),
  );
  for (const routes of platform.routes) await fastify.register(routes);
}
