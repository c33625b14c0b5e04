import {
  Clock,
  IdGenerator,
  Logger,
  randomId,
  ServiceDefinition,
  ServiceHealth,
  systemClock,
  type Telemetry,
} from '@genai-environments/service-kit';
import { BuiltInModelProvider } from './adapters/local/BuiltInModelProvider';
import { OpenAiCompatibleModelProvider } from './adapters/local/openai/OpenAiCompatibleModelProvider';
import type { UpstreamConfig } from './adapters/local/openai/upstreamConfig';
import { openSqliteRecords } from './adapters/local/openSqliteRecords';
import { createAccounting } from './createAccounting';
import { AsyncInvocations } from './domain/AsyncInvocations';
import type { RetryPolicy } from './domain/calls/retry';
import { createInvocations } from './domain/createInvocations';
import { type ModelAliases, ModelCatalog } from './domain/ModelCatalog';
import {
  createEmbedder,
  createGenerator,
  type Embedder,
  type Generator,
} from './domain/ModelFaces';
import { type ModelPrice, PriceList } from './domain/prices/PriceList';
import { createModelService } from './plugin';
import type { CallGate } from './ports/CallGate';
import type { ModelProvider } from './ports/ModelProvider';
import type { ModelRecords } from './ports/ModelRecords';
import type { PromptSource } from './ports/PromptSource';
import type { LimitOverview } from './domain/limits/LimitOverview';
import type { InvocationLog } from './ports/InvocationLog';
import type { UsageLedger } from './ports/UsageLedger';

/** Where it keeps what it keeps: one of the two. */
type Storage =
  /** Of `openDynamoDbRecords`; closed with the service. */
  | { records: ModelRecords; dataDirectory?: undefined }
  /** Gets `model-invocation.sqlite`. */
  | { dataDirectory: string; records?: undefined };

export type ModelInvocationOptions = Storage & {
  /** Ids of the models that may be invoked, in the order in which they are listed. */
  models: string[];
  /** OpenAI-compatible servers; the first one that offers a model serves it. */
  upstreams: UpstreamConfig[];
  /** Providers beyond those, such as Bedrock; asked for a model before the upstreams are. */
  providers?: ModelProvider[];
  /** Alias → ids of `models`: the one that is meant, then those that take over. */
  aliases?: ModelAliases;
  /** Default: holds the limits that are set through `ModelInvocation.limits`. */
  gate?: CallGate;
  /** Days a call stays in the log of a data directory; default 30. */
  logRetentionDays?: number;
  /** Where `prompt_template` is looked up; default: refused. */
  prompts?: PromptSource;
  /** Prices of models that the price file lacks, or has otherwise, by id. */
  prices?: Record<string, ModelPrice>;
  /** When a failed call is made again; see `DEFAULT_RETRY_POLICY`. */
  retry?: Partial<RetryPolicy>;
  /** Whole answers kept for callers that ask for it by `x-genai-cache`. */
  cache?: {
    /** Default 64 MiB. */
    maxBytes?: number;
    /** For callers that do not say; default: nothing is kept for them. */
    defaultSeconds?: number;
  };
  logger: Logger;
  /** Told of every call of a model; default: nobody is, at no cost. */
  telemetry?: Telemetry;
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
  /** One row per call, without contents. */
  log: InvocationLog;
  /** What applications and the environment may use, and what is left. */
  limits: LimitOverview;
  /** For other services: vectors of texts. */
  embedder: Embedder;
  /** For other services: answers of text models. */
  generator: Generator;
  /** The same as `service.close`; safe to call twice. */
  close(): Promise<void>;
};

/** Builds the service, on its local adapters unless it is given others. */
export function createModelInvocation(
  options: ModelInvocationOptions,
): ModelInvocation {
  const { logger, clock = systemClock, newId = randomId } = options;
  const records =
    options.records ?? openSqliteRecords({ ...options, logger, clock });
  const providers: ModelProvider[] = [
    new BuiltInModelProvider(),
    ...(options.providers ?? []),
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
  const catalog = new ModelCatalog({
    allowed: options.models,
    aliases: options.aliases,
    providers,
  });
  if (catalog.unserved.length > 0) {
    logger.warn(
      { models: catalog.unserved },
      'Configured models nobody serves',
    );
  }
  const prices = new PriceList({ overrides: options.prices });
  const accounting = createAccounting({
    ...{ records, logger, clock },
    priceOf: (id, tokens) => prices.priceOf(catalog.find(id), tokens),
    logRetentionDays: options.logRetentionDays,
  });
  const { usage } = accounting;
  const { calls, whole, invocations } = createInvocations({
    ...{ catalog, usage, clock },
    gate: options.gate ?? accounting.gate,
    prices,
    retry: options.retry,
    cacheBytes: options.cache?.maxBytes,
    telemetry: options.telemetry,
  });
  const asyncInvocations = new AsyncInvocations({
    store: records.invocations,
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
      await accounting.close();
      await records.close();
    })());

  return {
    service: createModelService({
      dependencies: {
        catalog,
        calls,
        whole,
        invocations,
        asyncInvocations,
        prompts: options.prompts,
        cacheSeconds: options.cache?.defaultSeconds,
        clock,
        newId,
      },
      health: () => checkHealth({ catalog, records }),
      start: async () => {
        accounting.start();
        await asyncInvocations.start();
      },
      close,
    }),
    usage,
    log: accounting.log,
    limits: accounting.limits,
    embedder: createEmbedder({ catalog, invocations }),
    generator: createGenerator({ catalog, invocations }),
    close,
  };
}

/** `DOWN` when nothing can be booked, or when no model at all can be reached. */
async function checkHealth(options: {
  catalog: ModelCatalog;
  records: ModelRecords;
}): Promise<ServiceHealth> {
  const { catalog, records } = options;
  const kept = await records.health();
  if (kept.status === 'DOWN') return kept;
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
