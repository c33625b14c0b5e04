import type { ServiceApp } from '../app/ServiceApp';

/** A call of a model that is about to be made. */
export type ModelCall = {
  operation: 'chat' | 'embeddings';
  /** As the conventions name it, e.g. `aws.bedrock`, or the id of the upstream. */
  provider: string;
  model: string;
  clientId?: string;
  stream?: boolean;
  maxTokens?: number;
  temperature?: number;
  topP?: number;
  /** What is asked; made only when contents are recorded. */
  input?: () => unknown;
};

/** How a call of a model ended. */
export type ModelCallOutcome = {
  inputTokens: number;
  outputTokens?: number;
  /** The model that answered, when it tells. */
  responseModel?: string;
  finishReasons?: string[];
  /** What was answered; made only when contents are recorded. */
  output?: () => unknown;
};

/** A call in flight. Exactly one of `end` and `fail` is called; nothing here throws. */
export interface ModelCallSpan {
  /** The first part of a stream arrived; later calls do nothing. */
  firstChunk(): void;
  end(outcome: ModelCallOutcome): void;
  /** `cancelled`: the caller hung up, which is no failure. */
  fail(error: unknown, options?: { cancelled?: boolean }): void;
}

/**
 * Port: traces and metrics of this process, by OpenTelemetry's semantic conventions. Where
 * there is none, there is no telemetry: code asks `telemetry?.startModelCall(…)` and pays
 * nothing else.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export interface Telemetry {
  /** Begins a span below the one of the request that is handled now. */
  startModelCall(call: ModelCall): ModelCallSpan;

  /** Adds a span and a duration to each request of the app. To be called before its routes. */
  addHttpHooks(app: ServiceApp): void;

  /**
   * Sends what is pending, for 2 s at most; afterwards nothing is recorded. Never throws;
   * safe to call twice.
   */
  close(): Promise<void>;
}

/** Runs a call of a model that answers at once, under a span when there is telemetry. */
export async function withModelCall<T>(
  telemetry: Telemetry | undefined,
  call: ModelCall,
  options: {
    work: () => Promise<T>;
    outcomeOf: (result: T) => ModelCallOutcome;
    /** Whether the error means that the caller hung up. */
    isCancelled?: (error: unknown) => boolean;
  },
): Promise<T> {
  const { work, outcomeOf, isCancelled } = options;
  if (!telemetry) return work();

  const span = telemetry.startModelCall(call);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    span.fail(error, { cancelled: isCancelled?.(error) });
    throw error;
  }
  span.end(outcomeOf(result));
  return result;
}
