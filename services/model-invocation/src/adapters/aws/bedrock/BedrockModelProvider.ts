import {
  type Clock,
  DomainError,
  type Logger,
  type ServiceHealth,
  systemClock,
} from '@genai-environments/service-kit';
import { CallCancelledError, Cancellation } from '../../../domain/Cancellation';
import { markSent } from '../../../domain/calls/sent';
import { estimateInput } from '../../../domain/inputTokens';
import type {
  EmbedRequest,
  Embeddings,
  GenerateRequest,
  Generation,
  GenerationPart,
  Model,
} from '../../../domain/Model';
import type {
  NativeModelProvider,
  RawAnswer,
  RawRequest,
} from '../../../ports/ModelProvider';
import { type BedrockConfig, endpointOf } from './bedrockConfig';
import { type BedrockAnswer, BedrockConnection } from './BedrockConnection';
import {
  fromConnectionError,
  fromException,
  readException,
  refusesCredentials,
} from './bedrockErrors';
import { type BedrockTarget, toTargets } from './bedrockTargets';
import {
  CredentialCache,
  type CredentialsProvider,
  defaultCredentials,
} from './CredentialCache';
import { assertDimensions } from './embeddingFormats';
import { fromConverse } from './fromConverse';
import { HealthProbe } from './HealthProbe';
import { mapConcurrently } from './mapConcurrently';
import {
  readEmbeddings,
  toBatches,
  understand,
  usageOfRaw,
} from './readAnswer';
import { streamConverse } from './streamConverse';
import { toConverseRequest } from './toConverseRequest';

/** Calls of one request for embeddings at the same time: most models take one text each. */
const CONCURRENT_EMBEDDINGS = 8;

export type BedrockModelProviderOptions = {
  config: BedrockConfig;
  logger: Logger;
  /** Default: as AWS's own tools find them. */
  credentials?: CredentialsProvider;
  clock?: Clock;
  /** Longest time a call may take; default 10 min. */
  deadlineMs?: number;
  /** Longest silence of Bedrock; default 5 min. */
  idleTimeoutMs?: number;
  /** Reach Bedrock through `HTTPS_PROXY` unless `NO_PROXY` says otherwise; default no. */
  useEnvironmentProxy?: boolean;
};

/** Serves models of Amazon Bedrock: text by Converse, embeddings by InvokeModel. */
export class BedrockModelProvider implements NativeModelProvider {
  readonly protocol = 'native';
  readonly id = 'bedrock';
  readonly conventionalName = 'aws.bedrock';
  readonly models: readonly Model[];
  private readonly targets: Map<string, BedrockTarget>;
  private readonly credentials: CredentialCache;
  private readonly connection: BedrockConnection;
  private readonly probe: HealthProbe;
  private readonly deadlineMs: number;

  constructor(options: BedrockModelProviderOptions) {
    const { config, logger, clock = systemClock } = options;
    const { deadlineMs = 600_000, idleTimeoutMs = 300_000 } = options;
    this.targets = toTargets(config);
    this.models = [...this.targets.values()].map(target => target.model);
    this.deadlineMs = deadlineMs;
    this.credentials = new CredentialCache({
      provider: options.credentials ?? defaultCredentials(),
      clock,
      logger,
    });
    this.connection = new BedrockConnection({
      region: config.region,
      endpoint: endpointOf(config),
      credentials: this.credentials,
      clock,
      idleTimeoutMs,
      useEnvironmentProxy: options.useEnvironmentProxy,
    });
    this.probe = new HealthProbe({
      connection: this.connection,
      clock,
      logger,
    });
  }

  async generate(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<Generation> {
    const { path, foundationModel } = this.targetOf(request.model);
    const answer = await this.post(
      {
        model: request.model,
        path: `${path}/converse`,
        body: JSON.stringify(toConverseRequest(request, foundationModel)),
      },
      cancellation,
    );
    return understand(answer, request.model, fromConverse);
  }

  stream(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): AsyncIterable<GenerationPart> {
    const { model } = request;
    const { path, foundationModel } = this.targetOf(model);
    return streamConverse({
      connection: this.connection,
      request: {
        path: `${path}/converse-stream`,
        body: JSON.stringify(toConverseRequest(request, foundationModel)),
        deadlineMs: this.deadlineMs,
      },
      model,
      estimateInput: () => estimateInput(request),
      explainRefusal: answer => this.explain(answer, model),
      cancellation,
    });
  }

  async embed(
    request: EmbedRequest,
    cancellation: Cancellation,
  ): Promise<Embeddings> {
    const { model, inputs, dimensions } = request;
    const { path, embeddingFormat } = this.targetOf(model);
    const format = embeddingFormat!;
    assertDimensions(format, model, dimensions);
    if (cancellation.isCancelled) throw new CallCancelledError();

    let answered = 0;
    const calls = await mapConcurrently(
      toBatches(inputs, format.batchSize),
      { limit: CONCURRENT_EMBEDDINGS, cancellation },
      async (batch, own) => {
        const body = JSON.stringify(format.toBody(batch, request));
        const answer = await this.post(
          { model, path: `${path}/invoke`, body },
          own,
        );
        answered++;
        return readEmbeddings(answer, { format, batch, model });
      },
    ).catch(error => {
      const isCut = error instanceof CallCancelledError && answered > 0;
      throw isCut ? markSent(error) : error;
    });
    return {
      vectors: calls.flatMap(call => call.vectors),
      inputTokens: calls.reduce((sum, call) => sum + call.inputTokens, 0),
      ...(calls.some(call => call.isEstimate) ? { isEstimate: true } : {}),
    };
  }

  /**
   * Sends a request in the model's own format, by InvokeModel, and answers what came
   * back as it is.
   */
  async invokeRaw(
    { model, body, estimateInput: estimate }: RawRequest,
    cancellation: Cancellation,
  ): Promise<RawAnswer> {
    const { path } = this.targetOf(model);
    const answer = await this.post(
      { model, path: `${path}/invoke`, body },
      cancellation,
    );
    return { body: answer.body, usage: usageOfRaw(answer, model, estimate) };
  }

  health(): Promise<ServiceHealth> {
    return this.probe.health();
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private targetOf(model: string): BedrockTarget {
    const target = this.targets.get(model);
    if (!target) throw new Error(`Not a model of this provider: ${model}`);
    return target;
  }

  private async post(
    request: { model: string; path: string; body: string },
    cancellation: Cancellation,
  ): Promise<BedrockAnswer> {
    const { model, path, body } = request;
    let answer;
    try {
      answer = await this.connection.exchange(
        { path, body, deadlineMs: this.deadlineMs },
        cancellation,
      );
    } catch (error) {
      throw fromConnectionError(error, model);
    }
    if (answer.status !== 200) throw this.explain(answer, model);
    return answer;
  }

  private explain(answer: BedrockAnswer, model: string): DomainError {
    const exception = readException(answer);
    if (answer.credentials && refusesCredentials(exception)) {
      this.credentials.discard(answer.credentials);
    }
    return fromException(exception, model);
  }
}
