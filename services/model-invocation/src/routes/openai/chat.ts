import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { RouteDependencies } from '../dependencies';
import { answerNatively } from './chatNative';
import { forwardChat } from './chatForward';
import { chatAnswerSchema, chatRequestSchema } from './schemas';

/** `POST /v1/chat/completions`. */
export function addChatRoute(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  app.post(
    '/v1/chat/completions',
    {
      config: { auth: classicOr('genai/model.invoke') },
      schema: {
        summary: 'Complete a chat, as OpenAI has it',
        description:
          'With `stream: true` the answer is a stream of server-sent events that ends with `data: [DONE]`. ' +
          'Errors carry `error` as OpenAI has it beside the members of a problem.',
        body: chatRequestSchema,
        response: { 200: chatAnswerSchema },
        produces: ['text/event-stream'],
        tags: ['OpenAI-compatible'],
      },
    },
    (request, reply) => {
      const { model } = request.body;
      const { provider } = dependencies.catalog.get(model, 'text');
      const call = {
        body: request.body,
        rawBody: request.rawBody!,
        clientId: request.caller!.clientId,
        reply,
      };
      return provider.protocol === 'openai'
        ? forwardChat(provider, call, dependencies)
        : answerNatively(provider, call, dependencies);
    },
  );
}
