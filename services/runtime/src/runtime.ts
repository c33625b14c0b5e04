import { join } from 'node:path';
import {
  type App,
  createTokenVerifier,
  type Logger,
  openDatabase,
  startTelemetry,
} from '@genai-environments/service-kit';
import { createLocalJWKSet } from 'jose';
import { createAppSupervisor } from './app/createAppSupervisor';
import { ApplicationRegistry } from './applications';
import { AdministeredApplications } from './applications/AdministeredApplications';
import { createHostedServices } from './composition/createHostedServices';
import { findTextModel } from './composition/findTextModel';
import { isWorkerProcess, PortTakenError, RuntimeConfig } from './config';
import { createRuntimeApp } from './createRuntimeApp';
import { loadSigningKeys, PrivateJwk, toPublicJwk } from './issuer/signingKeys';
import { assertDataDirectory } from './lifecycle/dataDirectory';
import { loadObjectSigningKey } from './objects/objectSigningKey';
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
 * Composes the services, their workers, the token issuer, the control routes and the
 * project's app into one process and listens.
 *
 * @throws ConfigError when the data directory is not one of an environment
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
  const { dataDirectory } = config;
  const { version } = RELEASE;
  const startedAt = new Date();
  await assertDataDirectory(dataDirectory);
  const telemetry = await startTelemetry({
    env: options.inherited,
    identity: {
      serviceName: 'genai-environment',
      serviceVersion: version,
      environmentName: config.environment.name,
    },
  });

  const keys = await loadSigningKeys({ dataDirectory });
  const database = openDatabase({
    path: join(dataDirectory, 'applications.db'),
    migrations: [
      ...ApplicationRegistry.migrations,
      ...AdministeredApplications.migrations,
    ],
  });
  const registry = new ApplicationRegistry({ database });
  const administered = new AdministeredApplications({ database, registry });
  const audience = `urn:genai-environment:${config.environment.uid}`;
  const auth = {
    directory: administered.directory,
    verifier: createVerifier({ config, keys, audience }),
  };
  const composed: { app?: App } = {};
  const hosted = createHostedServices({
    config,
    version,
    logger,
    auth,
    telemetry,
    applications: administered,
    objectSigningKey: await loadObjectSigningKey(dataDirectory),
    app: () => composed.app!,
  });
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
    administered,
    auth,
    telemetry,
    audience,
    hosted,
    crew,
    supervisor,
    startedAt,
    release: RELEASE,
  });

  composed.app = app;

  async function close(): Promise<void> {
    supervisor?.retire();
    await Promise.all([app.close(), crew.close()]);
    await supervisor?.stop();
    // Only now: requests and work in hand needed them.
    await hosted.close();
    database.close();
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
  return { startedAt, version, close: closeOnce };
}

function createVerifier(options: {
  config: RuntimeConfig;
  keys: PrivateJwk[];
  audience: string;
}) {
  const { config, keys, audience } = options;
  return createTokenVerifier({
    issuer: config.publicUrl,
    audience,
    algorithms: ['ES256'],
    keys: createLocalJWKSet({ keys: keys.map(toPublicJwk) }),
  });
}
