import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import { readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { renderPrompt } from '../promptTemplate';
import { answerStream } from './chatStream';
import { answerWhole } from './chatWhole';
import {
  chatAnswerSchema,
  type ChatRequest,
  chatRequestSchema,
  type SentChatRequest,
} from './schemas';

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
    async (request, reply) => {
      const { clientId } = request.caller!;
      const cancellation = cancelOnHangUp(reply);
      const sent = request.body;
      const call = {
        body: await insertPrompt(sent, clientId, dependencies),
        rawBody: sent.prompt_template ? undefined : request.rawBody!,
        ...{ clientId, reply, cancellation },
        cacheSeconds: readCacheSeconds(request, dependencies.cacheSeconds),
      };
      await (sent.stream
        ? answerStream(call, dependencies)
        : answerWhole(call, dependencies));
      return reply;
    },
  );
}

/** A prompt that is named stands before the messages. */
async function insertPrompt(
  sent: SentChatRequest,
  clientId: string,
  { prompts }: RouteDependencies,
): Promise<ChatRequest> {
  if (!sent.prompt_template) return sent as ChatRequest;
  const { prompt_template: reference, messages = [], ...rest } = sent;
  const content = await renderPrompt(reference, { clientId, prompts });
  return { ...rest, messages: [{ role: 'user', content }, ...messages] };
}
