import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenerateRequest } from '../../domain/Model';
import type { PromptSource } from '../../ports/PromptSource';
import { noteCache, readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { renderPrompt } from '../promptTemplate';
import {
  embedAnswerSchema,
  embedRequestSchema,
  type InvokeRequest,
  invokeAnswerSchema,
  invokeRequestSchema,
} from './schemas';
import { toAnswer } from './toAnswer';
import { toGenerateRequest } from './toGenerateRequest';

const auth = classicOr('genai/model.invoke');

/** `POST /model/invoke` and `/model/embed`. */
export function addInvokeRoutes(
  app: ServiceApp,
  { invocations, prompts, cacheSeconds }: RouteDependencies,
): void {
  const generate = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asked: GenerateRequest,
  ) => {
    const seconds = readCacheSeconds(request, cacheSeconds);
    const { clientId } = request.caller!;
    const generation = await invocations.generate(clientId, asked, {
      cancellation: cancelOnHangUp(reply),
      cacheSeconds: seconds,
    });
    noteCache(reply, { seconds, cached: generation.cached });
    return toAnswer(generation);
  };

  app.post(
    '/model/invoke',
    {
      config: { auth },
      schema: {
        summary: 'Ask a text model and wait for the answer',
        body: invokeRequestSchema,
        response: { 200: invokeAnswerSchema },
      },
    },
    async (request, reply) => {
      const { clientId } = request.caller!;
      const asked = await readInvocation(request.body, { clientId, prompts });
      return generate(request, reply, asked);
    },
  );

  app.post(
    '/model/embed',
    {
      config: { auth },
      schema: {
        summary: 'Turn a text into a vector',
        body: embedRequestSchema,
        response: { 200: embedAnswerSchema },
      },
    },
    async (request, reply) => {
      const { model_name: model, input_text: text } = request.body;
      const seconds = readCacheSeconds(request, cacheSeconds);
      const { vectors, inputTokens, cached } = await invocations.embed(
        request.caller!.clientId,
        { model, inputs: [text] },
        { cancellation: cancelOnHangUp(reply), cacheSeconds: seconds },
      );
      noteCache(reply, { seconds, cached });
      return { embedding: vectors[0], input_tokens: inputTokens };
    },
  );
}

/** Reads a classic invocation, with the prompt that it may name. */
export async function readInvocation(
  body: InvokeRequest,
  options: { clientId: string; prompts: PromptSource | undefined },
): Promise<GenerateRequest> {
  const { prompt_template: reference } = body;
  const named = reference ? await renderPrompt(reference, options) : undefined;
  return toGenerateRequest(body, named);
}
