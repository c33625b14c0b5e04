import type { ChatClient } from '../genai/chatClient.ts';
import { sendAnswer } from '../http/eventStream.ts';
import { readJsonBody } from '../http/jsonBody.ts';
import { limits } from '../limits.ts';
import { summaryMessages } from '../prompts.ts';
import type { Handler } from '../router.ts';
import { asObject, asText } from './validation.ts';

/** `POST api/summary` `{text}` → its summary as server-sent events. */
export function summaryRoute(chat: ChatClient): Handler {
  return async ({ request, response, logger, stop }) => {
    const { text } = asObject(await readJsonBody(request, limits.bodyBytes), [
      'text',
    ]);
    const messages = summaryMessages(
      asText({
        value: text,
        path: 'text',
        label: 'The text',
        max: limits.summaryCharacters,
      }),
    );
    await sendAnswer({
      request,
      response,
      logger,
      stop,
      answer: signal => chat.stream({ messages, signal }),
    });
  };
}
