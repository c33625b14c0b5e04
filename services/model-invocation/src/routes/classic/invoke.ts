import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { Generation } from '../../domain/Model';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { readRawInput } from './rawInput';
import {
  embedAnswerSchema,
  embedRequestSchema,
  invokeAnswerSchema,
  invokeRequestSchema,
  rawInvokeRequestSchema,
} from './schemas';
import { toGenerateRequest } from './toGenerateRequest';

const auth = classicOr('genai/model.invoke');

/** `POST /model/invoke`, `/model/embed` and `/model/invoke_with_raw_input`. */
export function addInvokeRoutes(
  app: ServiceApp,
  { invocations }: RouteDependencies,
): void {
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
    async (request, reply) =>
      toAnswer(
        await invocations.generate(
          request.caller!.clientId,
          toGenerateRequest(request.body),
          cancelOnHangUp(reply),
        ),
      ),
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
      return toAnswer(
        await invocations.generate(
          request.caller!.clientId,
          readRawInput(model, rawInput),
          cancelOnHangUp(reply),
        ),
      );
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
      const { vectors, inputTokens } = await invocations.embed(
        request.caller!.clientId,
        { model, inputs: [text] },
        cancelOnHangUp(reply),
      );
      return { embedding: vectors[0], input_tokens: inputTokens };
    },
  );
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
