import type { FastifyReply } from 'fastify';
import type { OpenAiModelProvider } from '../../ports/ModelProvider';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';

/**
 * Passes a request that is not streamed to a server that speaks OpenAI's API, and books
 * it. Answers the bytes that came back.
 */
export async function forwardWhole(
  provider: OpenAiModelProvider,
  call: {
    path: '/chat/completions' | '/embeddings';
    body: { model: string };
    /** The body as it was sent. */
    rawBody: string;
    clientId: string;
    reply: FastifyReply;
  },
  { invocations }: RouteDependencies,
): Promise<Buffer> {
  const { path, body, rawBody, clientId, reply } = call;
  const { model } = body;
  const cancellation = cancelOnHangUp(reply);
  let answer!: Buffer;
  await invocations.booked(
    clientId,
    model,
    () => rawBody,
    async () => {
      const sent = isUnambiguous(rawBody) ? rawBody : JSON.stringify(body);
      const forwarded = await provider.forward(
        { path, model, body: sent },
        cancellation,
      );
      answer = forwarded.body;
      return forwarded.usage;
    },
  );
  return answer;
}

const ESCAPED_ASCII_LETTER = /\\u00[4-7]/;

/**
 * Whether the upstream is certain to read the same model from these bytes as we did.
 * JSON with a key twice, or with a key written in escapes, is read differently by
 * different parsers; a caller could name an allowed model to us and another one to it.
 */
function isUnambiguous(rawBody: string): boolean {
  const first = rawBody.indexOf('"model"');
  return (
    first >= 0 &&
    rawBody.indexOf('"model"', first + 7) < 0 &&
    !ESCAPED_ASCII_LETTER.test(rawBody)
  );
}
