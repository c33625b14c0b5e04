import type { ServiceHealth } from '@genai-environments/service-kit';
import type { Cancellation } from '../domain/Cancellation';
import type {
  EmbedRequest,
  Embeddings,
  GenerateRequest,
  Generation,
  GenerationPart,
  Model,
  TokenUsage,
} from '../domain/Model';

/**
 * Port: whoever serves models. Every method
 *
 * - is called with models from {@link ModelProviderBase.models} of the right kind only
 * - rejects with a `DomainError` whose message a caller may see and which says whether
 *   a retry can help, or with `CallCancelledError` soon after the cancellation
 * - marks that error by `markSent` when the request was with the model by then and no
 *   answer came: it may be billed. A refusal is an answer
 * - says of usage that it estimated that it `isEstimate`
 * - sets `retryAfterSeconds` of an error to what the server of the model asked for
 * - has no side effect but the cost of the call: repeating it is safe
 */
export type ModelProvider = NativeModelProvider | OpenAiModelProvider;

interface ModelProviderBase {
  readonly id: string;
  /**
   * What OpenTelemetry's conventions call it; default: its id.
   *
   * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/
   */
  readonly conventionalName?: string;
  readonly models: readonly Model[];

  generate(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<Generation>;

  /**
   * Parts as they are produced, then exactly one `finish`. Leaving the loop ends the
   * call, too. At the reader's pace: nothing piles up for a slow one.
   */
  stream(
    request: GenerateRequest,
    cancellation: Cancellation,
  ): AsyncIterable<GenerationPart>;

  embed(request: EmbedRequest, cancellation: Cancellation): Promise<Embeddings>;

  /**
   * Sends a request to a text model in the model's own format, which nobody has checked, and
   * answers what came back. Absent where models have no format but the provider's.
   */
  invokeRaw?(
    request: RawRequest,
    cancellation: Cancellation,
  ): Promise<RawAnswer>;

  /** Whether it can be reached now; cheap, may be some seconds old. */
  health(): Promise<ServiceHealth>;

  /** Ends connections. Calls in flight reject. */
  close(): Promise<void>;
}

/** JSON in the model's own format. */
export type RawRequest = {
  model: string;
  body: string;
  /** Tokens of what is asked, for models that are not counted. */
  estimateInput: () => number;
};

export type RawAnswer = { body: Buffer; usage: TokenUsage };

/** A provider with a protocol of its own. */
export interface NativeModelProvider extends ModelProviderBase {
  readonly protocol: 'native';
}

/** OpenAI's newer models refuse the first, many other servers ignore the second. */
export type MaxTokensMember = 'max_tokens' | 'max_completion_tokens';

/** A provider that speaks OpenAI's API: requests and answers pass through it as bytes. */
export interface OpenAiModelProvider extends ModelProviderBase {
  readonly protocol: 'openai';
  /** How it calls the most tokens of an answer; default `max_tokens`. */
  readonly maxTokensMember?: MaxTokensMember;

  /** Sends a request that is not streamed and answers what came back with status 200. */
  forward(
    request: ForwardRequest,
    cancellation: Cancellation,
  ): Promise<ForwardedAnswer>;

  /**
   * Sends a streaming chat request and passes server-sent events on as they come.
   * Rejects when the upstream refuses before the first byte. Later trouble, hanging up
   * included, ends the promise normally and is told in the outcome.
   */
  forwardStream(
    request: ForwardStreamRequest,
    sink: ByteSink,
    cancellation: Cancellation,
  ): Promise<StreamOutcome>;
}

export type ForwardRequest = {
  path: '/chat/completions' | '/embeddings';
  model: string;
  /** JSON. */
  body: string;
  /** Tokens of what is asked, for servers that do not count. */
  estimateInput: () => number;
};

export type ForwardedAnswer = { body: Buffer; usage: TokenUsage };

export type ForwardStreamRequest = {
  model: string;
  /** JSON that asks for a stream with usage. */
  body: string;
  /** Whether the caller asked for the usage event too; it is held back otherwise. */
  passUsage: boolean;
  /** Tokens of what is asked, for servers that do not count. */
  estimateInput: () => number;
};

/** Where a stream goes. */
export interface ByteSink {
  /** Called once, before the first write. */
  start(): void;
  /** `false` asks to wait for {@link onDrain}. */
  write(chunk: Buffer): boolean;
  onDrain(listener: () => void): void;
}

export type StreamOutcome = {
  /** What the upstream counted, or what was seen of it when it was cut short. */
  usage: TokenUsage;
  ended: 'complete' | 'cancelled' | 'failed';
  /** With `failed`: for the caller, unless the upstream told it within the stream. */
  error?: Error;
};
