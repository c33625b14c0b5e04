import { InvalidInputError } from '@genai-environments/service-kit';
import { Cancellation } from './Cancellation';
import type { ChatMessage } from './content';
import type { Invocations } from './Invocations';
import type {
  EmbedPurpose,
  GenerateRequest,
  GenerationPart,
  ModelKind,
} from './Model';
import type { ModelCatalog } from './ModelCatalog';

/** How long a face may take, beside the limits of the models' servers. */
export type FaceOptions = {
  /** Ends the call; it then rejects with `CallCancelledError`. */
  signal?: AbortSignal;
};

/** For other services: turns texts into vectors on behalf of an application. */
export type Embedder = {
  /**
   * One vector per input, in the same order. Past the gate and booked as any call.
   *
   * @throws InvalidInputError (`no_model`) when no model is named and there is no default
   * @throws DomainError as `Invocations.embed` does
   */
  embed(
    clientId: string,
    request: { model?: string; inputs: string[]; purpose?: EmbedPurpose },
    options?: FaceOptions,
  ): Promise<{ model: string; vectors: number[][]; inputTokens: number }>;
  /** The model that is taken when none is named. */
  defaultModel(): string | undefined;
};

/** A request of another service; absent model: the default one. */
export type TextRequest = {
  model?: string;
  messages: ChatMessage[];
  maxTokens?: number;
  temperature?: number;
};

/** For other services: asks text models on behalf of an application. */
export type Generator = {
  /**
   * Past the gate and booked as any call.
   *
   * @throws InvalidInputError (`no_model`) when no model is named and there is no default
   * @throws DomainError as `Invocations.generate` does
   */
  generate(
    clientId: string,
    request: TextRequest,
    options?: FaceOptions,
  ): Promise<{
    model: string;
    text: string;
    inputTokens: number;
    outputTokens: number;
  }>;
  /**
   * Resolves when the answer begins; read the parts to their end or leave by `break`.
   *
   * @throws as `generate` does
   */
  stream(
    clientId: string,
    request: TextRequest,
    options?: FaceOptions,
  ): Promise<{ model: string; parts: AsyncIterable<GenerationPart> }>;
  /** The model that is taken when none is named. */
  defaultModel(): string | undefined;
};

type Options = { catalog: ModelCatalog; invocations: Invocations };

export function createEmbedder({ catalog, invocations }: Options): Embedder {
  return {
    async embed(clientId, { model, inputs, purpose }, options) {
      const request = {
        model: modelOr(model, 'embedding', catalog),
        inputs,
        purpose,
      };
      const { cancellation, unfollow } = follow(options?.signal);
      try {
        const answer = await invocations.embed(clientId, request, {
          cancellation,
        });
        const { vectors, inputTokens } = answer;
        return { model: answer.model, vectors, inputTokens };
      } finally {
        unfollow();
      }
    },
    defaultModel: () => defaultModel('embedding', catalog),
  };
}

export function createGenerator({ catalog, invocations }: Options): Generator {
  const complete = (request: TextRequest): GenerateRequest => ({
    ...request,
    model: modelOr(request.model, 'text', catalog),
  });
  return {
    async generate(clientId, request, options) {
      const { cancellation, unfollow } = follow(options?.signal);
      try {
        const { model, text, inputTokens, outputTokens } =
          await invocations.generate(clientId, complete(request), {
            cancellation,
          });
        return { model, text, inputTokens, outputTokens };
      } finally {
        unfollow();
      }
    },
    async stream(clientId, request, options) {
      const { cancellation, unfollow } = follow(options?.signal);
      try {
        const { model, parts } = await invocations.stream(
          clientId,
          complete(request),
          cancellation,
        );
        return { model, parts: endingWith(parts, unfollow) };
      } catch (error) {
        unfollow();
        throw error;
      }
    },
    defaultModel: () => defaultModel('text', catalog),
  };
}

function defaultModel(kind: ModelKind, catalog: ModelCatalog) {
  return catalog.list(kind)[0]?.id;
}

function modelOr(
  model: string | undefined,
  kind: ModelKind,
  catalog: ModelCatalog,
): string {
  const chosen = model ?? defaultModel(kind, catalog);
  if (chosen !== undefined) return chosen;
  throw new InvalidInputError(
    `This environment has no ${kind} model. Ask its owner to add one.`,
    { code: 'no_model' },
  );
}

/** A worker's signal outlives its calls: listeners must not pile up on it. */
function follow(signal: AbortSignal | undefined): {
  cancellation: Cancellation;
  unfollow(): void;
} {
  const cancellation = new Cancellation();
  const cancel = () => cancellation.cancel();
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    cancellation,
    unfollow: () => signal?.removeEventListener('abort', cancel),
  };
}

async function* endingWith<T>(
  parts: AsyncIterable<T>,
  end: () => void,
): AsyncGenerator<T, void> {
  try {
    yield* parts;
  } finally {
    end();
  }
}
