import {
  Clock,
  IdGenerator,
  Logger,
  randomId,
  ServiceDefinition,
  ServiceHealth,
  systemClock,
} from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import { BuiltInModelProvider } from './adapters/local/BuiltInModelProvider';
import { openModelDatabase } from './adapters/local/database';
import { OpenAiCompatibleModelProvider } from './adapters/local/openai/OpenAiCompatibleModelProvider';
import type { UpstreamConfig } from './adapters/local/openai/upstreamConfig';
import { SqliteInvocationStore } from './adapters/local/SqliteInvocationStore';
import { SqliteUsageLedger } from './adapters/local/SqliteUsageLedger';
import { AsyncInvocations } from './domain/AsyncInvocations';
import { Invocations } from './domain/Invocations';
import { ModelCatalog } from './domain/ModelCatalog';
import { createModelService } from './plugin';
import type { UsageLedger } from './ports/UsageLedger';

export type ModelInvocationOptions = {
  /** Keeps `model-invocation.sqlite`. */
  dataDirectory: string;
  /** Ids of the models that may be invoked, in the order in which they are listed. */
  models: string[];
  /** OpenAI-compatible servers; the first one that offers a model serves it. */
  upstreams: UpstreamConfig[];
  logger: Logger;
  clock?: Clock;
  newId?: IdGenerator;
  /** Longest time a call of an upstream may take; default 10 min. */
  callDeadlineMs?: number;
  /** Longest silence of an upstream; default 5 min. */
  idleTimeoutMs?: number;
  /** Reach upstreams through `HTTP(S)_PROXY` unless `NO_PROXY` says otherwise; default no. */
  useEnvironmentProxy?: boolean;
};

export type ModelInvocation = {
  service: ServiceDefinition;
  /** What was booked, by application, model and day. */
  usage: UsageLedger;
  /** The same as `service.close`; safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service on its local adapters. */
export function createModelInvocation(
  options: ModelInvocationOptions,
): ModelInvocation {
  const { logger, clock = systemClock, newId = randomId } = options;
  const database = openModelDatabase(options);
  const providers = [
    new BuiltInModelProvider(),
    ...options.upstreams.map(
      upstream =>
        new OpenAiCompatibleModelProvider({
          upstream,
          logger,
          deadlineMs: options.callDeadlineMs,
          idleTimeoutMs: options.idleTimeoutMs,
          useEnvironmentProxy: options.useEnvironmentProxy,
        }),
    ),
  ];
  const catalog = new ModelCatalog({ allowed: options.models, providers });
  if (catalog.unserved.length > 0) {
    logger.warn(
      { models: catalog.unserved },
      'Configured models nobody serves',
    );
  }
  const usage = new SqliteUsageLedger({ database, logger, clock });
  const invocations = new Invocations({ catalog, usage });
  const asyncInvocations = new AsyncInvocations({
    store: new SqliteInvocationStore({ database }),
    invocations,
    catalog,
    logger,
    clock,
    newId,
  });

  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await asyncInvocations.close();
      await Promise.all(providers.map(provider => provider.close()));
      await usage.close();
      database.close();
    })());

  return {
    service: createModelService({
      dependencies: {
        catalog,
        invocations,
        asyncInvocations,
        usage,
        clock,
        newId,
      },
      health: () => checkHealth({ catalog, database }),
      start: () => asyncInvocations.start(),
      close,
    }),
    usage,
    close,
  };
}

/** `DOWN` when nothing can be booked, or when no model at all can be reached. */
async function checkHealth(options: {
  catalog: ModelCatalog;
  database: DatabaseSync;
}): Promise<ServiceHealth> {
  const { catalog, database } = options;
  database.prepare('SELECT 1').get();
  const providers = catalog.providers();
  if (providers.length === 0) {
    return {
      status: 'DOWN',
      reason: 'None of the configured models is served.',
    };
  }
  const states = await Promise.all(providers.map(p => p.health()));
  return states.find(state => state.status === 'UP') ?? states[0];
}
