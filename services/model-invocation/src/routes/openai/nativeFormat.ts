import { InvalidInputError } from '@genai-environments/service-kit';
import type {
  ChatMessage,
  FinishReason,
  GenerateRequest,
  TokenUsage,
} from '../../domain/Model';
import type { ChatRequest } from './schemas';

/**
 * Reads an OpenAI request for a model with a protocol of its own.
 *
 * @throws InvalidInputError for what such models cannot do
 */
export function toGenerateRequest(body: ChatRequest): GenerateRequest {
  if ((body.n ?? 1) > 1) {
    throw new InvalidInputError(
      `Model "${body.model}" gives one answer at a time. Leave "n" out or set it to 1.`,
      { code: 'unsupported_parameter' },
    );
  }
  const { stop } = body;
  return {
    model: body.model,
    messages: body.messages.map(message => toMessage(message, body.model)),
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    stopSequences: typeof stop === 'string' ? [stop] : stop ?? undefined,
  };
}

function toMessage(
  { role, content }: ChatRequest['messages'][number],
  model: string,
): ChatMessage {
  const roles = {
    developer: 'system',
    tool: 'user',
    function: 'user',
  } as const;
  const parts = Array.isArray(content) ? content : [];
  const foreign = parts.find(part => part.type !== 'text');
  if (foreign) {
    throw new InvalidInputError(
      `Model "${model}" reads text only, and a message has a part of type "${foreign.type}". Send parts of type "text".`,
      { code: 'unsupported_content' },
    );
  }
  return {
    role:
      role === 'system' || role === 'user' || role === 'assistant'
        ? role
        : roles[role],
    content:
      typeof content === 'string'
        ? content
        : parts.map(part => part.text ?? '').join('\n'),
  };
}

/** `finish_reason` as OpenAI has it. */
export function toWireReason(reason: FinishReason): string {
  return {
    stop: 'stop',
    length: 'length',
    'tool-calls': 'tool_calls',
    'content-filter': 'content_filter',
    other: 'stop',
  }[reason];
}

/** `usage` as OpenAI has it. */
export function toWireUsage({ inputTokens, outputTokens }: TokenUsage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
