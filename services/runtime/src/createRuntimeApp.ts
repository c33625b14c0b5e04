import {
  type App,
  buildApp,
  type AuthOptions,
  type Logger,
  type ServiceApp,
  type Telemetry,
} from '@genai-environments/service-kit';
import { appRoutes } from './app/appRoutes';
import type { AppSupervisor } from './app/AppSupervisor';
import type { ApplicationRegistry } from './applications';
import { isWorkerProcess, RuntimeConfig } from './config';
import { controlRoutes } from './control/controlRoutes';
import { describeRuntime } from './control/status';
import { createHostCheck } from './http/hostCheck';
import { indexRoute } from './http/indexRoute';
import { closeUnusedConnections } from './http/unusedConnections';
import { loadTokenIssuer } from './issuer/loadTokenIssuer';
import { ISSUER_ROUTES } from './issuer/routes';
import type { PrivateJwk } from './issuer/signingKeys';
import { tokenIssuerRoutes } from './issuer/tokenIssuerRoutes';
import type { AdministeredApplications } from './applications/AdministeredApplications';
import type { HostedServices } from './composition/createHostedServices';
import type { Release } from './release';
import type { WorkerCrew } from './WorkerCrew';

export type RuntimeAppOptions = {
  config: RuntimeConfig;
  logger: Logger;
  keys: PrivateJwk[];
  registry: ApplicationRegistry;
  administered: AdministeredApplications;
  auth: AuthOptions;
  /** Absent: off. */
  telemetry?: Telemetry;
  /** Claim of the tokens of this environment. */
  audience: string;
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
  const { config, logger, auth, hosted, release } = options;
  const { publicUrl, environment } = config;
  const app: App = await buildApp({
    // The runtime closes the services itself, after the workers.
    services: hosted.definitions.map(service => ({
      ...service,
      close: () => {},
    })),
    logger,
    info: {
      title: environment.name,
      version: release.version,
      serverUrl: publicUrl,
      tokenUrl: publicUrl + ISSUER_ROUTES.token,
    },
    auth,
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

async function addControlRoutes(
  fastify: ServiceApp,
  options: RuntimeAppOptions & { app: () => App },
): Promise<void> {
  const { config, registry, administered, hosted, crew, supervisor, app } =
    options;
  const { startedAt, release, onShutdownRequested } = options;
  await fastify.register(
    controlRoutes({
      controlKey: config.controlKey,
      registry,
      usage: hosted.usage,
      shutdown: onShutdownRequested,
      status: () =>
        describeRuntime({
          config,
          release,
          startedAt,
          applications: registry
            .list()
            .filter(({ clientId }) => !administered.isOwn(clientId)),
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
  const { config, logger, keys, registry, hosted, supervisor, audience } =
    options;
  const { release } = options;
  const { publicUrl, environment } = config;
  const load = () =>
    loadTokenIssuer({ issuer: publicUrl, audience, keys, registry, logger });
  await fastify.register(
    tokenIssuerRoutes({ publicUrl, load: () => load().callback() }),
  );
  await fastify.register(
    appRoutes({ supervisor, publicUrl, environmentName: environment.name }),
  );
  await fastify.register(
    indexRoute({ config, release, services: hosted.definitions }),
  );
  for (const routes of hosted.routes) await fastify.register(routes);
}
