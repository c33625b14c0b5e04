import {
  bearerKey,
  createAdministration,
} from '@genai-environments/administration';
import type {
  App,
  Logger,
  ServiceDefinition,
  Telemetry,
  Worker,
} from '@genai-environments/service-kit';
import {
  type HostedService,
  type HostedWorker,
  type RuntimeConfig,
  WORKER_SERVICES,
} from '../config';
import type { UsageItem } from '../control/controlRoutes';
import type { EnvironmentServices } from '../platform/EnvironmentServices';
import type { Platform } from '../platform/Platform';
import { createMcp } from './createMcp';
import { Parts } from './Parts';

/** The services and workers of this process, and what the runtime asks of them beside their routes. */
export type HostedServices = {
  definitions: ServiceDefinition[];
  /** Definitions of any services that can be reached, to tell of their routes. */
  describe(services: readonly HostedService[]): ServiceDefinition[];
  workers: Worker[];
  /** Days `YYYY-MM-DD`, both inclusive; nothing when no service books usage. */
  usage(range: { from: string; to: string }): Promise<UsageItem[]>;
  /** Closes all of them. */
  close(): Promise<void>;
};

export type HostedServicesOptions = {
  config: RuntimeConfig;
  version: string;
  logger: Logger;
  platform: Platform;
  /** What the environment runs. */
  environment: EnvironmentServices;
  /** Absent: off. */
  telemetry?: Telemetry;
  /** The app that the services are mounted in; asked when a route needs it. */
  app: () => App;
};

/** Builds what the configuration names, on what the platform keeps. */
export function createHostedServices(
  options: HostedServicesOptions,
): HostedServices {
  const { config, platform } = options;
  const parts = new Parts(options);

  const create: Record<HostedService, () => ServiceDefinition> = {
    'model-invocation': () => parts.modelInvocation().service,
    'prompt-management': () => parts.promptManagement().service,
    'document-processing': () => parts.documentProcessing().service,
    vectorization: () => parts.vectorization().service,
    administration: () => createAdmin(parts, options),
  };
  const definitionsOf = (services: readonly HostedService[]) => {
    const definitions = services.map(name => create[name]());
    const mcp = createMcp(parts, { ...options, services });
    return mcp ? [...definitions, mcp] : definitions;
  };
  return {
    definitions: definitionsOf(config.services),
    describe: services =>
      definitionsOf(services.filter(name => platform.reaches(name))),
    workers: config.workers.map(name => findWorker(parts, name)),
    usage: async range =>
      platform.reaches('model-invocation')
        ? parts.modelInvocation().usage.query(range)
        : [],
    close: () => parts.close(),
  };
}

function createAdmin(
  parts: Parts,
  options: HostedServicesOptions,
): ServiceDefinition {
  const { config, app, platform } = options;
  const { auth, applications, tokens } = platform;
  const models = platform.reaches('model-invocation')
    ? parts.modelInvocation()
    : undefined;
  const documents = platform.reaches('document-processing')
    ? parts.documentProcessing().metrics
    : undefined;
  const vectors = platform.reaches('vectorization')
    ? parts.vectorization().metrics
    : undefined;
  return createAdministration({
    applications,
    auth,
    platform: {
      health: async () => ({
        ...(await app().health()),
        // Of all tasks, this one included: up when any of them is.
        ...(await platform.board?.read()),
      }),
      openApi: () => app().document(),
      connection: () => ({
        domain: new URL(tokens.tokenUrl).origin,
        userPoolId: tokens.userPoolId,
      }),
    },
    metrics: {
      ...(models && { usage: models.usage, log: models.log }),
      ...documents,
      ...vectors,
    },
    limits: models?.limits,
    isServiceCredential: bearerKey(config.controlKey),
  }).service;
}

function findWorker(parts: Parts, name: HostedWorker): Worker {
  const part =
    WORKER_SERVICES[name] === 'vectorization'
      ? parts.vectorization()
      : parts.documentProcessing();
  return part.workers.find(worker => worker.name === name)!;
}
