import {
  classicOr,
  InvalidInputError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import type { Answered, CacheWish } from '../../domain/calls/WholeCalls';
import type { Cancellation } from '../../domain/Cancellation';
import type { ServedModel } from '../../domain/ModelCatalog';
import { boundTokens, estimateTokens } from '../../domain/tokens';
import { noteCache, readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { forwardedBody } from './forwardedBody';
import {
  EmbeddingsRequest,
  embeddingsAnswerSchema,
  embeddingsRequestSchema,
} from './schemas';
import { encodeAnswer, toBase64 } from './vectorEncoding';

/** `POST /v1/embeddings`. */
export function addEmbeddingsRoute(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  app.post(
    '/v1/embeddings',
    {
      config: { auth: classicOr('genai/model.invoke') },
      schema: {
        summary: 'Turn texts into vectors, as OpenAI has it',
        body: embeddingsRequestSchema,
        response: { 200: embeddingsAnswerSchema },
        tags: ['OpenAI-compatible'],
      },
    },
    async (request, reply) => {
      const { body } = request;
      const cancellation = cancelOnHangUp(reply);
      const rawBody = request.rawBody!;
      const seconds = readCacheSeconds(request, dependencies.cacheSeconds);
      const { answer, cached } = await dependencies.whole.make(
        {
          clientId: request.caller!.clientId,
          model: body.model,
          kind: 'embedding',
          inputTokens: boundInput(body, rawBody),
          estimateInput: () => estimateInput(body),
          cancellation,
        },
        served => ask(served, { body, rawBody, cancellation }),
        seconds ? toWish(body, seconds) : undefined,
      );
      noteCache(reply, { seconds, cached });
      return reply
        .type('application/json; charset=utf-8')
        .send(answer as never);
    },
  );
}

/** Ids of one digit take less than the bytes that a token is held to have. */
function boundInput(body: EmbeddingsRequest, rawBody: string): number {
  const bound = boundTokens(Buffer.byteLength(rawBody));
  return Math.max(bound, countIds(body));
}

function estimateInput(body: EmbeddingsRequest): number {
  const { input } = body;
  const texts = typeof input === 'string' ? [input] : input;
  const tokens = texts.map(text =>
    typeof text === 'string' ? estimateTokens(text) : 0,
  );
  return tokens.reduce((sum, each) => sum + each, countIds(body));
}

/** Tokens that the caller made itself. */
function countIds({ input }: EmbeddingsRequest): number {
  if (typeof input === 'string') return 0;
  return input.reduce<number>((sum, each) => {
    if (typeof each === 'string') return sum;
    return sum + (typeof each === 'number' ? 1 : each.length);
  }, 0);
}

type EmbeddingsCall = {
  body: EmbeddingsRequest;
  rawBody: string;
  cancellation: Cancellation;
};

async function ask(
  { provider, model: { id: model } }: ServedModel,
  { body, rawBody, cancellation }: EmbeddingsCall,
): Promise<Answered<Buffer>> {
  const base64 = body.encoding_format === 'base64';
  if (provider.protocol === 'openai') {
    const sent = forwardedBody(body, { rawBody, model });
    const { body: answer, usage } = await provider.forward(
      {
        ...{ path: '/embeddings', model, body: sent },
        estimateInput: () => estimateInput(body),
      },
      cancellation,
    );
    return { answer: base64 ? encodeAnswer(answer) : answer, usage };
  }
  const dimensions = body.dimensions ?? undefined;
  const { vectors, inputTokens, isEstimate } = await provider.embed(
    { model, inputs: textsOf(body), dimensions },
    cancellation,
  );
  const answer = {
    object: 'list',
    model,
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: base64 ? toBase64(vector) : vector,
    })),
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
  return {
    answer: Buffer.from(JSON.stringify(answer)),
    usage: { inputTokens, outputTokens: 0, isEstimate },
  };
}

function toWish(
  request: EmbeddingsRequest,
  seconds: number,
): CacheWish<Buffer> {
  const bytesOf = (answer: Buffer) => answer.length;
  return { format: 'embeddings', request, seconds, bytesOf };
}

/** What models without a tokenizer of OpenAI's can read. */
function textsOf({ model, input }: EmbeddingsRequest): string[] {
  const inputs: unknown[] = typeof input === 'string' ? [input] : input;
  return inputs.map(item => {
    if (typeof item === 'string') return item;
    throw new InvalidInputError(
      `Model "${model}" reads text, not token numbers. Send a string or a list of strings.`,
      { code: 'unsupported_input' },
    );
  });
}
