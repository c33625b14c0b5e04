import type { ChatClient, ChatMessage } from '../genai/chatClient.ts';
import { sendAnswer } from '../http/eventStream.ts';
import { readJsonBody } from '../http/jsonBody.ts';
import { limits } from '../limits.ts';
import { chatMessages } from '../prompts.ts';
import type { Handler } from '../router.ts';
import { asObject, asText, invalid } from './validation.ts';

type ChatRequest = {
  messages: Array<ChatMessage & { role: 'user' | 'assistant' }>;
  context?: string;
};

/**
 * `POST api/chat` `{messages: [{role: "user" | "assistant", content}], context?}` →
 * the answer to the last message as server-sent events.
 */
export function chatRoute(chat: ChatClient): Handler {
  return async ({ request, response, logger, stop }) => {
    const { messages, context } = parse(
      await readJsonBody(request, limits.bodyBytes),
    );
    const prompt = chatMessages(messages, context);
    await sendAnswer({
      request,
      response,
      logger,
      stop,
      answer: signal => chat.stream({ messages: prompt, signal }),
    });
  };
}

function parse(body: unknown): ChatRequest {
  const { messages, context } = asObject(body, ['messages', 'context']);
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalid([{ path: 'messages', message: 'Ask something first.' }]);
  }
  if (messages.length > limits.messages) {
    throw invalid([
      {
        path: 'messages',
        message: `A conversation has at most ${limits.messages} messages. Start a new one.`,
      },
    ]);
  }
  const parsed = messages.map(parseMessage);
  if (parsed.at(-1)?.role !== 'user') {
    throw invalid([
      {
        path: 'messages',
        message: 'The last message must be the question, with role "user".',
      },
    ]);
  }
  if (context === undefined || context === '') return { messages: parsed };
  return {
    messages: parsed,
    context: asText({
      value: context,
      path: 'context',
      label: 'The text to ask about',
      max: limits.contextCharacters,
    }),
  };
}

function parseMessage(
  message: unknown,
  index: number,
): ChatRequest['messages'][number] {
  const path = `messages.${index}`;
  const { role, content } = asObject(message, ['role', 'content']);
  if (role !== 'user' && role !== 'assistant') {
    throw invalid([
      { path: `${path}.role`, message: 'It must be "user" or "assistant".' },
    ]);
  }
  const isQuestion = role === 'user';
  return {
    role,
    content: asText({
      value: content,
      path: `${path}.content`,
      label: isQuestion ? 'The question' : 'An earlier answer',
      max: isQuestion ? limits.questionCharacters : limits.answerCharacters,
    }),
  };
}
