import { classicOr, type ServiceApp } from '@genai-environments/service-kit';
import type { FastifyReply } from 'fastify';
import type { GenerateRequest } from '../../domain/Model';
import { noteCache, noteStreamed, readCacheSeconds } from '../cacheControl';
import { cancelOnHangUp } from '../callLifetime';
import type { RouteDependencies } from '../dependencies';
import { sendParts } from '../eventStream';
import { renderPrompt } from '../promptTemplate';
import { MessageEventWriter } from './MessageEventWriter';
import { toGenerateRequest } from './readMessages';
import { messageSchema, messagesRequestSchema } from './schemas';
import { toMessage } from './writeMessage';

type MessagesCall = {
  asked: GenerateRequest;
  clientId: string;
  reply: FastifyReply;
  cacheSeconds: number | undefined;
};

/** `POST /v1/messages`. */
export function addMessagesRoute(
  app: ServiceApp,
  dependencies: RouteDependencies,
): void {
  const { prompts, cacheSeconds } = dependencies;
  app.post(
    '/v1/messages',
    {
      config: { auth: classicOr('genai/model.invoke') },
      schema: {
        summary: 'Answer messages, as Anthropic has it',
        description:
          'With `stream: true` the answer is a stream of server-sent events from `message_start` to `message_stop`. ' +
          "Errors carry `error` as Anthropic has it beside the members of a problem. Works with every text model, whoever's it is.",
        body: messagesRequestSchema,
        response: { 200: messageSchema },
        produces: ['text/event-stream'],
        tags: ['Anthropic-compatible'],
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { clientId } = request.caller!;
      const { prompt_template: reference } = body;
      const named = reference
        ? await renderPrompt(reference, { clientId, prompts })
        : undefined;
      const call = {
        asked: toGenerateRequest(body, named),
        ...{ clientId, reply },
        cacheSeconds: readCacheSeconds(request, cacheSeconds),
      };
      if (!body.stream) return answerWhole(call, dependencies);
      await answerStream(call, dependencies);
      return reply as never;
    },
  );
}

async function answerWhole(
  { asked, clientId, reply, cacheSeconds }: MessagesCall,
  { invocations, newId }: RouteDependencies,
) {
  const generation = await invocations.generate(clientId, asked, {
    cancellation: cancelOnHangUp(reply),
    cacheSeconds,
  });
  const { model, cached } = generation;
  noteCache(reply, { seconds: cacheSeconds, cached });
  return toMessage(generation, { id: `msg_${newId()}`, model });
}

async function answerStream(
  { asked, clientId, reply, cacheSeconds }: MessagesCall,
  { invocations, newId }: RouteDependencies,
): Promise<void> {
  noteStreamed(reply, cacheSeconds);
  const { model, parts } = await invocations.stream(
    clientId,
    asked,
    cancelOnHangUp(reply),
  );
  const writer = new MessageEventWriter({ id: `msg_${newId()}`, model });
  await sendParts(reply, parts, writer);
}
