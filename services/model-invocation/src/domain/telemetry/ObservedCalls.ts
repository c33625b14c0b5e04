import {
  type ModelCall,
  type Telemetry,
  withModelCall,
} from '@genai-environments/service-kit';
import type {
  ForwardRequest,
  ForwardStreamRequest,
  ModelProvider,
} from '../../ports/ModelProvider';
import { CallCancelledError } from '../Cancellation';
import type { GenerateRequest, ModelKind } from '../Model';
import type { ServedModel } from '../ModelCatalog';
import { describeRequest, readForwarded, textOfAnswer } from './describe';
import { observedParts, observedRelay } from './observedStreams';

/** On whose behalf a model is called. */
type Asking = { clientId: string; kind: ModelKind };

/**
 * Stands between a call and the provider of its model, and tells telemetry of each time
 * the provider is asked: every attempt of a call is one span. Exists only where telemetry is on.
 */
export class ObservedCalls {
  constructor(private readonly telemetry: Telemetry) {}

  /** The same model, served by a provider that is watched on behalf of the application. */
  observe({ provider, model }: ServedModel, asking: Asking): ServedModel {
    const common: ModelCall = {
      operation: asking.kind === 'embedding' ? 'embeddings' : 'chat',
      provider: provider.conventionalName ?? provider.id,
      model: model.id,
      clientId: asking.clientId,
    };
    return { model, provider: this.watch(provider, common) };
  }

  private watch(provider: ModelProvider, common: ModelCall): ModelProvider {
    const native = {
      ...{ id: provider.id, models: provider.models },
      generate: this.watchGenerate(provider, common),
      stream: this.watchStream(provider, common),
      embed: this.watchEmbed(provider, common),
      invokeRaw: this.watchRaw(provider, common),
      health: () => provider.health(),
      close: () => provider.close(),
    };
    if (provider.protocol === 'native') {
      return { ...native, protocol: 'native' };
    }
    const { telemetry } = this;
    return {
      ...native,
      protocol: 'openai',
      maxTokensMember: provider.maxTokensMember,
      forward: (request: ForwardRequest, cancellation) =>
        withModelCall(
          telemetry,
          { ...common, ...readForwarded(request.body) },
          {
            work: () => provider.forward(request, cancellation),
            outcomeOf: ({ usage, body }) => ({
              ...(common.operation === 'embeddings'
                ? { inputTokens: usage.inputTokens }
                : { ...usage, output: () => textOfAnswer(body) }),
            }),
            isCancelled,
          },
        ),
      forwardStream: (request: ForwardStreamRequest, sink, cancellation) => {
        const call = { ...common, ...readForwarded(request.body) };
        const span = telemetry.startModelCall({ ...call, stream: true });
        return observedRelay(span, sink, watched =>
          provider.forwardStream(request, watched, cancellation),
        );
      },
    };
  }

  private watchGenerate(
    provider: ModelProvider,
    common: ModelCall,
  ): ModelProvider['generate'] {
    return (request, cancellation) =>
      withModelCall(
        this.telemetry,
        { ...common, ...describeRequest(request) },
        {
          work: () => provider.generate(request, cancellation),
          outcomeOf: ({ inputTokens, outputTokens, ...answer }) => ({
            ...{ inputTokens, outputTokens },
            finishReasons: [answer.finishReason],
            output: () => answer.content ?? answer.text,
          }),
          isCancelled,
        },
      );
  }

  private watchRaw(
    provider: ModelProvider,
    common: ModelCall,
  ): ModelProvider['invokeRaw'] {
    const invokeRaw = provider.invokeRaw?.bind(provider);
    if (!invokeRaw) return undefined;
    return (request, cancellation) =>
      withModelCall(
        this.telemetry,
        { ...common, input: () => request.body },
        {
          work: () => invokeRaw(request, cancellation),
          outcomeOf: ({ usage, body }) => ({
            ...usage,
            output: () => body.toString('utf8'),
          }),
          isCancelled,
        },
      );
  }

  private watchStream(
    provider: ModelProvider,
    common: ModelCall,
  ): ModelProvider['stream'] {
    return (request: GenerateRequest, cancellation) => {
      const call = { ...common, ...describeRequest(request), stream: true };
      const span = this.telemetry.startModelCall(call);
      return observedParts(span, provider.stream(request, cancellation));
    };
  }

  private watchEmbed(
    provider: ModelProvider,
    common: ModelCall,
  ): ModelProvider['embed'] {
    return (request, cancellation) =>
      withModelCall(
        this.telemetry,
        { ...common, input: () => request.inputs },
        {
          work: () => provider.embed(request, cancellation),
          outcomeOf: ({ inputTokens }) => ({ inputTokens }),
          isCancelled,
        },
      );
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof CallCancelledError;
}
