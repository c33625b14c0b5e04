import {
  classicOr,
  InvalidInputError,
  type ServiceApp,
} from '@genai-environments/service-kit';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { forwardWhole } from './forwardWhole';
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
  const { catalog, invocations } = dependencies;
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
      const { model } = body;
      const { clientId } = request.caller!;
      const { provider } = catalog.get(model, 'embedding');
      const base64 = body.encoding_format === 'base64';

      if (provider.protocol === 'openai') {
        const answer = await forwardWhole(
          provider,
          {
            path: '/embeddings',
            ...{ body, rawBody: request.rawBody!, clientId, reply },
          },
          dependencies,
        );
        return reply
          .type('application/json; charset=utf-8')
          .send((base64 ? encodeAnswer(answer) : answer) as never);
      }

      const { vectors, inputTokens } = await invocations.embed(
        clientId,
        {
          model,
          inputs: textsOf(body),
          dimensions: body.dimensions ?? undefined,
        },
        cancelOnHangUp(reply),
      );
      return {
        object: 'list' as const,
        model,
        data: vectors.map((vector, index) => ({
          object: 'embedding' as const,
          index,
          embedding: base64 ? toBase64(vector) : vector,
        })),
        usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
      };
    },
  );
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
