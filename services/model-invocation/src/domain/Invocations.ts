import { BookedParts } from './calls/BookedParts';
import type { ModelCalls, WantedCall } from './calls/ModelCalls';
import { openParts } from './calls/partStream';
import type { WholeCalls } from './calls/WholeCalls';
import { withMaxTokens } from './calls/withMaxTokens';
import type { Cancellation } from './Cancellation';
import { boundInput, estimateInput } from './inputTokens';
import type {
  EmbedRequest,
  Embeddings,
  GenerateRequest,
  Generation,
} from './Model';
import { boundTokens, estimateTokens } from './tokens';

/** What came of a call, and the model that it came of; never an alias. */
export type Invoked<T> = T & { model: string; cached: boolean };

/** How a call is made. */
export type CallSettings = {
  cancellation: Cancellation;
  /** Remember the answer for so long, and take a remembered one; absent: do neither. */
  cacheSeconds?: number;
};

/** Invokes models on behalf of applications: past the gate, booked whatever happens. */
export class Invocations {
  constructor(
    private readonly options: { calls: ModelCalls; whole: WholeCalls },
  ) {}

  /** @throws DomainError as `ModelCalls.begin` does */
  async generate(
    clientId: string,
    request: GenerateRequest,
    { cancellation, cacheSeconds: seconds }: CallSettings,
  ): Promise<Invoked<Generation>> {
    const { answer, model, cached } = await this.options.whole.make(
      wantedText(clientId, request, cancellation),
      async (served, maxTokens) => {
        const answered = await served.provider.generate(
          { ...withMaxTokens(request, maxTokens), model: served.model.id },
          cancellation,
        );
        return { answer: answered, usage: answered };
      },
      seconds ? { format: 'text', request, seconds, bytesOf } : undefined,
    );
    return { ...answer, model, cached };
  }

  /** @throws DomainError as `ModelCalls.begin` does */
  async embed(
    clientId: string,
    request: EmbedRequest,
    { cancellation, cacheSeconds: seconds }: CallSettings,
  ): Promise<Invoked<Embeddings>> {
    const { answer, model, cached } = await this.options.whole.make(
      wantedEmbedding(clientId, request, cancellation),
      async served => {
        const answered = await served.provider.embed(
          { ...request, model: served.model.id },
          cancellation,
        );
        const { inputTokens, isEstimate } = answered;
        return {
          answer: answered,
          usage: { inputTokens, outputTokens: 0, isEstimate },
        };
      },
      seconds
        ? { format: 'embedding', request, seconds, bytesOf: bytesOfVectors }
        : undefined,
    );
    return { ...answer, model, cached };
  }

  /**
   * Resolves when the answer begins. The parts must be read to their end or left by
   * `return()`, as `for await` does: that books the call. A cancellation makes them throw
   * `CallCancelledError`.
   *
   * @throws DomainError as `ModelCalls.begin` does
   */
  async stream(
    clientId: string,
    request: GenerateRequest,
    cancellation: Cancellation,
  ): Promise<{ model: string; parts: BookedParts }> {
    const call: WantedCall = {
      ...wantedText(clientId, request, cancellation),
      isStreamed: true,
    };
    const { answer, served, ticket } = await this.options.calls.begin(
      call,
      (candidate, maxTokens) =>
        openParts(candidate, withMaxTokens(request, maxTokens), cancellation),
    );
    const { estimateInput: estimate } = call;
    const parts = new BookedParts(answer, { ticket, estimateInput: estimate });
    return { model: served.model.id, parts };
  }
}

function bytesOf({ text, content }: Generation): number {
  return 2 * (text.length + (content ? JSON.stringify(content).length : 0));
}

function bytesOfVectors({ vectors }: Embeddings): number {
  return vectors.reduce((sum, vector) => sum + 8 * vector.length, 0);
}

function wantedText(
  clientId: string,
  request: GenerateRequest,
  cancellation: Cancellation,
): WantedCall {
  const { model, maxTokens } = request;
  return {
    clientId,
    model,
    kind: 'text',
    inputTokens: boundInput(request),
    maxOutputTokens: maxTokens,
    estimateInput: () => estimateInput(request),
    cancellation,
  };
}

function wantedEmbedding(
  clientId: string,
  { model, inputs }: EmbedRequest,
  cancellation: Cancellation,
): WantedCall {
  const bytes = inputs.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return {
    clientId,
    model,
    kind: 'embedding',
    inputTokens: boundTokens(bytes),
    estimateInput: () => estimateTokens(inputs.join('\n')),
    cancellation,
  };
}
