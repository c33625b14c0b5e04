import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GenerateRequest, Generation } from '../../domain/Model';
import type { PromptSource } from '../../ports/PromptSource';
import { noteCache, readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { renderPrompt } from '../promptTemplate';
import { readRawInput } from './rawInput';
import {
  embedAnswerSchema,
  embedRequestSchema,
  type InvokeRequest,
  invokeAnswerSchema,
  invokeRequestSchema,
  rawInvokeRequestSchema,
} from './schemas';
import { toGenerateRequest } from './toGenerateRequest';

const auth = classicOr('genai/model.invoke');

/** `POST /model/invoke`, `/model/embed` and `/model/invoke_with_raw_input`. */
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
    '/model/invoke_with_raw_input',
    {
      config: { auth },
      schema: {
        summary: "Ask a text model in the model's own format",
        body: rawInvokeRequestSchema,
        response: { 200: invokeAnswerSchema },
      },
    },
    async (request, reply) => {
      const { model_id: model, raw_input: rawInput } = request.body;
      return generate(request, reply, readRawInput(model, rawInput));
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

/** Writes a generation as classic clients read it. */
export function toAnswer(
  generation: Pick<Generation, 'text' | 'inputTokens' | 'outputTokens'>,
) {
  return {
    output_text: generation.text,
    input_tokens: generation.inputTokens,
    output_tokens: generation.outputTokens,
  };
}
