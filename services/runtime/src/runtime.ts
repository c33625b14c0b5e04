import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildApp,
  createTokenVerifier,
  type Logger,
  openDatabase,
} from '@genai-environments/service-kit';
import { createLocalJWKSet } from 'jose';
import { version } from '../package.json';
import { appRoutes } from './app/appRoutes';
import { AppSupervisor } from './app/AppSupervisor';
import { BoundedLog } from './app/BoundedLog';
import { ApplicationRegistry } from './applications';
import { ConfigError, PortTakenError, RuntimeConfig } from './config';
import { controlRoutes } from './control/controlRoutes';
import { describeRuntime } from './control/status';
import { createHostCheck } from './http/hostCheck';
import { indexRoute } from './http/indexRoute';
import { closeUnusedConnections } from './http/unusedConnections';
import { loadTokenIssuer } from './issuer/loadTokenIssuer';
import { ISSUER_ROUTES } from './issuer/routes';
import { loadSigningKeys, toPublicJwk } from './issuer/signingKeys';
import { tokenIssuerRoutes } from './issuer/tokenIssuerRoutes';
import { ENVIRONMENT_FILE } from './lifecycle/fence';
import { createHostedServices, findTextModel } from './services';

/** A runtime that listens. */
export type Runtime = {
  startedAt: Date;
  version: string;
  /** Lets requests in flight end, takes the app along, closes what was opened. Safe to call twice. */
  close(): Promise<void>;
};

/**
 * Composes the services, the token issuer, the control routes and the project's app
 * into one process and listens.
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
  const { config, logger, onShutdownRequested } = options;
  const { dataDirectory, publicUrl, environment } = config;
  const startedAt = new Date();
  await assertDataDirectory(dataDirectory);

  const keys = await loadSigningKeys({ dataDirectory });
  const database = openDatabase({
    path: join(dataDirectory, 'applications.db'),
    migrations: ApplicationRegistry.migrations,
  });
  const registry = new ApplicationRegistry({ database });
  const hosted = createHostedServices({ config, logger });
  const supervisor = createSupervisor({ ...options, registry });

  const audience = `urn:genai-environment:${environment.uid}`;
  const app = await buildApp({
    services: hosted.definitions,
    logger,
    info: {
      title: environment.name,
      version,
      serverUrl: publicUrl,
      tokenUrl: publicUrl + ISSUER_ROUTES.token,
    },
    auth: {
      directory: registry,
      verifier: createTokenVerifier({
        issuer: publicUrl,
        audience,
        algorithms: ['ES256'],
        keys: createLocalJWKSet({ keys: keys.map(toPublicJwk) }),
      }),
    },
    hooks: fastify => {
      closeUnusedConnections(fastify);
      const checkHost = createHostCheck(config);
      fastify.addHook('onRequest', (request, _reply, done) => {
        checkHost(request);
        done();
      });
    },
    routes: async fastify => {
      await fastify.register(
        tokenIssuerRoutes({
          publicUrl,
          load: () =>
            loadTokenIssuer({
              issuer: publicUrl,
              audience,
              keys,
              registry,
              logger,
            }).callback(),
        }),
      );
      await fastify.register(
        appRoutes({ supervisor, publicUrl, environmentName: environment.name }),
      );
      await fastify.register(
        indexRoute({ config, services: hosted.definitions }),
      );
      await fastify.register(
        controlRoutes({
          controlKey: config.controlKey,
          registry,
          usage: hosted.usage,
          shutdown: onShutdownRequested,
          status: () =>
            describeRuntime({
              config,
              version,
              startedAt,
              registry,
              health: () => app.health(),
              app: supervisor,
            }),
        }),
      );
    },
  });

  try {
    await app.listen(config);
  } catch (error) {
    await app.close();
    database.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new PortTakenError(
      `Port ${config.port} of ${config.host} is taken by another process.`,
    );
  }
  supervisor?.start();

  async function close(): Promise<void> {
    supervisor?.retire();
    await app.close();
    await supervisor?.stop();
    database.close();
  }
  let closed: Promise<void> | undefined;
  return { startedAt, version, close: () => (closed ??= close()) };
}

function createSupervisor(options: {
  config: RuntimeConfig;
  logger: Logger;
  inherited: Record<string, string | undefined>;
  registry: ApplicationRegistry;
}): AppSupervisor | undefined {
  const { config, logger, inherited, registry } = options;
  if (config.appDirectory === undefined) return undefined;

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
      textModel: findTextModel(config),
      environmentName: config.environment.name,
      publicUrl: config.publicUrl,
      tokenUrl: config.publicUrl + ISSUER_ROUTES.token,
    },
  });
}

/** The runtime makes no directory: one that is missing was torn down. */
async function assertDataDirectory(path: string): Promise<void> {
  const directory = await stat(path).catch(() => undefined);
  if (!directory?.isDirectory()) {
    throw new ConfigError(
      'GENAI_DATA_DIRECTORY is wrong: there is no such directory. The provisioner must make it first.',
    );
  }
  const file = await stat(join(path, ENVIRONMENT_FILE)).catch(() => undefined);
  if (!file?.isFile()) {
    throw new ConfigError(
      `GENAI_DATA_DIRECTORY is wrong: there is no ${ENVIRONMENT_FILE} in it, so no environment is wanted here.`,
    );
  }
}
