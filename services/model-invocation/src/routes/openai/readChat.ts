import {
  InvalidInputError,
  toSchemaViolation,
} from '@genai-environments/service-kit';
import type {
  AssistantPart,
  ChatMessage,
  GenerateRequest,
  ToolChoice,
  ToolDefinition,
  UserPart,
} from '../../domain/Model';
import { readImage } from '../readImage';
import {
  NativeChat,
  nativeChatSchema,
  NativeMessage,
  NativePart,
} from './nativeSchemas';
import type { ChatRequest } from './schemas';

/**
 * Reads an OpenAI request for a model with a protocol of its own.
 *
 * @param model - the model that is asked, which an alias in `body` may stand for
 * @throws SchemaViolationError when it is not what OpenAI's API takes
 * @throws InvalidInputError for what such models cannot do
 */
export function toGenerateRequest(
  body: ChatRequest,
  model: string,
): GenerateRequest {
  const parsed = nativeChatSchema.safeParse(body);
  if (!parsed.success) throw toSchemaViolation(parsed.error);
  const chat = parsed.data;
  refuseUnsupported(chat, model);
  const { stop } = chat;
  return {
    model,
    messages: chat.messages.map(message => toMessage(message, model)),
    maxTokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
    temperature: chat.temperature ?? undefined,
    topP: chat.top_p ?? undefined,
    stopSequences: typeof stop === 'string' ? [stop] : stop ?? undefined,
    tools: chat.tools?.map(toTool),
    toolChoice: chat.tools?.length ? toToolChoice(chat.tool_choice) : undefined,
  };
}

function refuseUnsupported(chat: NativeChat, model: string): void {
  const refuse = (field: string, advice: string): never => {
    throw new InvalidInputError(
      `Model "${model}" does not support "${field}". ${advice}`,
      { code: 'unsupported_parameter' },
    );
  };
  if ((chat.n ?? 1) > 1) {
    refuse('n', 'It gives one answer at a time: leave it out or set it to 1.');
  }
  const format = chat.response_format?.type ?? 'text';
  if (format !== 'text') {
    refuse(
      `response_format" of type "${format}`,
      'Say in a message which JSON you want, or offer it as a tool.',
    );
  }
  if (chat.functions?.length) refuse('functions', 'Send "tools" instead.');
  if (chat.logprobs) refuse('logprobs', 'Leave it out.');
  if (chat.presence_penalty) refuse('presence_penalty', 'Leave it out.');
  if (chat.frequency_penalty) refuse('frequency_penalty', 'Leave it out.');
}

function toMessage(message: NativeMessage, model: string): ChatMessage {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(content, model) };
    case 'assistant':
      return { role, content: toAssistantContent(message, model) };
    case 'tool':
      return {
        role,
        content: [
          {
            type: 'tool-result',
            toolCallId: message.tool_call_id,
            content: textOf(content, model),
          },
        ],
      };
    default:
      return {
        role,
        content:
          typeof content === 'string'
            ? content
            : content.map(part => toUserPart(part, model)),
      };
  }
}

function toAssistantContent(
  message: Extract<NativeMessage, { role: 'assistant' }>,
  model: string,
): string | AssistantPart[] {
  const text = textOf(message.content ?? '', model);
  if (!message.tool_calls?.length) return text;
  return [
    ...(text ? [{ type: 'text' as const, text }] : []),
    ...message.tool_calls.map(({ id, function: called }) => ({
      type: 'tool-call' as const,
      toolCallId: id,
      toolName: called.name,
      input: called.arguments,
    })),
  ];
}

function toUserPart(part: NativePart, model: string): UserPart {
  if (part.type === 'text' && part.text !== undefined) {
    return { type: 'text', text: part.text };
  }
  if (part.type === 'image_url' && part.image_url) {
    return readImage(part.image_url.url, model);
  }
  return refusePart(part, model, 'Send parts of type "text" or "image_url".');
}

function textOf(content: string | NativePart[], model: string): string {
  if (typeof content === 'string') return content;
  return content
    .map(part =>
      part.type === 'text' && part.text !== undefined
        ? part.text
        : refusePart(part, model, 'Send parts of type "text".'),
    )
    .join('\n');
}

function refusePart(
  { type }: NativePart,
  model: string,
  advice: string,
): never {
  throw new InvalidInputError(
    `Model "${model}" cannot read a part of type "${type}" here. ${advice}`,
    { code: 'unsupported_content' },
  );
}

function toTool({
  function: offered,
}: NonNullable<NativeChat['tools']>[number]): ToolDefinition {
  const { name, description, parameters } = offered;
  return {
    name,
    description: description ?? undefined,
    inputSchema: parameters ?? { type: 'object', properties: {} },
  };
}

function toToolChoice(
  choice: NativeChat['tool_choice'],
): ToolChoice | undefined {
  if (!choice) return undefined;
  return typeof choice === 'string'
    ? { type: choice }
    : { type: 'tool', toolName: choice.function.name };
}
