import {
  BedrockModelProvider,
  BUILT_IN_MODELS,
  createModelInvocation,
} from '@genai-environments/model-invocation';
import { createPromptManagement } from '@genai-environments/prompt-management';
import type {
  Logger,
  ServiceApp,
  ServiceDefinition,
  Worker,
} from '@genai-environments/service-kit';
import type { HostedService, RuntimeConfig } from './config';
import type { UsageItem } from './control/controlRoutes';

/** The services and workers of this process, and what the runtime asks of them beside their routes. */
export type HostedServices = {
  definitions: ServiceDefinition[];
  workers: Worker[];
  /** Beside those of the services. */
  routes: Array<(app: ServiceApp) => Promise<void>>;
  /** Days `YYYY-MM-DD`, both inclusive; nothing when no service books usage. */
  usage(range: { from: string; to: string }): Promise<UsageItem[]>;
  /** Closes all of them. */
  close(): Promise<void>;
};

/** Builds the services that the configuration names, on their local adapters. */
export function createHostedServices(options: {
  config: RuntimeConfig;
  logger: Logger;
}): HostedServices {
  const { config, logger } = options;
  const { dataDirectory, models, upstreams, useEnvironmentProxy } = config;
  let usage: HostedServices['usage'] = async () => [];

  const create: Record<HostedService, () => ServiceDefinition> = {
    'model-invocation': () => {
      const created = createModelInvocation({
        dataDirectory,
        models,
        upstreams,
        providers: createBedrock(config, logger),
        useEnvironmentProxy,
        logger,
      });
      usage = range => created.usage.query(range);
      return created.service;
    },
    'prompt-management': () =>
      createPromptManagement({ dataDirectory }).service,
  };
  const definitions = config.services.map(name => create[name]());
  return {
    definitions,
    workers: [],
    routes: [],
    usage: range => usage(range),
    async close() {
      for (const service of [...definitions].reverse()) await service.close();
    },
  };
}

function createBedrock(
  { bedrock, useEnvironmentProxy }: RuntimeConfig,
  logger: Logger,
): BedrockModelProvider[] {
  return bedrock
    ? [
        new BedrockModelProvider({
          config: bedrock,
          logger,
          useEnvironmentProxy,
        }),
      ]
    : [];
}

/** The first of the environment's models that answers with text. */
export function findTextModel(
  config: Pick<RuntimeConfig, 'models' | 'upstreams' | 'bedrock'>,
): string | undefined {
  const offered = [
    ...BUILT_IN_MODELS,
    ...(config.bedrock?.models ?? []),
    ...config.upstreams.flatMap(upstream => upstream.models),
  ];
  return config.models.find(id =>
    offered.some(model => model.id === id && model.kind === 'text'),
  );
}
