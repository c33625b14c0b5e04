import { InvalidInputError } from '@genai-environments/service-kit';
import { textOf } from '../../../domain/content';
import type {
  AssistantPart,
  ChatMessage,
  GenerateRequest,
  ToolChoice,
  ToolResultPart,
  UserPart,
} from '../../../domain/Model';
import type { MaxTokensMember } from '../../../ports/ModelProvider';

/**
 * Writes a request as OpenAI-compatible servers read it.
 *
 * @throws InvalidInputError for an image in the result of a tool
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function toChatBody(
  request: GenerateRequest,
  options: { stream?: boolean; maxTokensMember?: MaxTokensMember } = {},
): string {
  const { maxTokensMember = 'max_tokens' } = options;
  const { model, tools, toolChoice, stopSequences } = request;
  return JSON.stringify({
    model,
    messages: request.messages.flatMap(message => toMessages(message, model)),
    [maxTokensMember]: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    // Not OpenAI's, but Ollama, vLLM and llama.cpp know it; sent only when asked for.
    top_k: request.topK,
    stop: stopSequences?.length ? stopSequences : undefined,
    tools: tools?.length
      ? tools.map(({ name, description, inputSchema }) => ({
          type: 'function',
          function: { name, description, parameters: inputSchema },
        }))
      : undefined,
    tool_choice: toolChoice && toChoice(toolChoice),
    ...(options.stream
      ? { stream: true, stream_options: { include_usage: true } }
      : {}),
  });
}

function toMessages(message: ChatMessage, model: string): object[] {
  switch (message.role) {
    case 'system':
      return [message];
    case 'user':
      return [{ role: 'user', content: toUserContent(message.content) }];
    case 'assistant':
      return [toAssistantMessage(message.content)];
    default:
      return message.content.map(result => toToolMessage(result, model));
  }
}

function toUserContent(content: string | UserPart[]): string | object[] {
  if (typeof content === 'string') return content;
  return content.map(part =>
    part.type === 'text'
      ? part
      : {
          type: 'image_url',
          image_url: { url: `data:${part.mediaType};base64,${part.data}` },
        },
  );
}

/** These servers do not take reasoning back. */
function toAssistantMessage(content: string | AssistantPart[]): object {
  if (typeof content === 'string') return { role: 'assistant', content };
  const calls = content.flatMap(part =>
    part.type === 'tool-call'
      ? {
          id: part.toolCallId,
          type: 'function',
          function: {
            name: part.toolName,
            arguments: JSON.stringify(part.input),
          },
        }
      : [],
  );
  const text = textOf(content.filter(part => part.type === 'text'));
  return {
    role: 'assistant',
    content: text || (calls.length > 0 ? null : ''),
    tool_calls: calls.length > 0 ? calls : undefined,
  };
}

function toToolMessage(result: ToolResultPart, model: string): object {
  const { content } = result;
  if (Array.isArray(content) && content.some(part => part.type === 'image')) {
    throw new InvalidInputError(
      `Model "${model}" reads no images in the results of tools. Send the image in a message of the user.`,
      { code: 'unsupported_content' },
    );
  }
  return {
    role: 'tool',
    tool_call_id: result.toolCallId,
    content: textOf(content),
  };
}

function toChoice(choice: ToolChoice): string | object {
  return choice.type === 'tool'
    ? { type: 'function', function: { name: choice.toolName } }
    : choice.type;
}
