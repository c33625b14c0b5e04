import { InvalidInputError } from '@genai-environments/service-kit';
import type {
  AssistantPart,
  ChatMessage,
  GenerateRequest,
  ImagePart,
  ToolChoice,
  ToolResultPart,
  UserPart,
} from '../../domain/Model';
import { readImage, toImagePart } from '../readImage';
import type {
  MessagesRequest,
  SentImage,
  SentMessage,
  SentToolResult,
} from './schemas';

/**
 * Reads a request of Anthropic's Messages API.
 *
 * @param named - text of the prompt that `prompt_template` names
 * @throws InvalidInputError for what this environment cannot pass on
 */
export function toGenerateRequest(
  body: MessagesRequest,
  named: string | undefined,
): GenerateRequest {
  if (body.thinking?.type === 'enabled') {
    throw new InvalidInputError(
      'A budget for thinking cannot be set here. Leave "thinking" out.',
      { code: 'unsupported_parameter' },
    );
  }
  const { model, system, tools } = body;
  const systemTexts = Array.isArray(system)
    ? system.map(({ text }) => text)
    : [system ?? ''].filter(Boolean);
  return {
    model,
    messages: [
      ...systemTexts.map(content => ({ role: 'system' as const, content })),
      ...(named === undefined
        ? []
        : [{ role: 'user' as const, content: named }]),
      ...(body.messages ?? []).flatMap(sent => toMessages(sent, model)),
    ],
    maxTokens: body.max_tokens,
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    topK: body.top_k ?? undefined,
    stopSequences: body.stop_sequences ?? undefined,
    tools: tools?.map(({ name, description, input_schema: inputSchema }) => ({
      name,
      description: description ?? undefined,
      inputSchema,
    })),
    toolChoice: tools?.length ? toToolChoice(body.tool_choice) : undefined,
  };
}

/** The results of tools stand in a message of their own, before what else was said. */
function toMessages(sent: SentMessage, model: string): ChatMessage[] {
  if (typeof sent.content === 'string') {
    return [{ role: sent.role, content: sent.content }];
  }
  if (sent.role === 'assistant') {
    return [{ role: 'assistant', content: sent.content.map(toAssistantPart) }];
  }
  const results: ToolResultPart[] = [];
  const others: UserPart[] = [];
  for (const block of sent.content) {
    if (block.type === 'tool_result') results.push(toResult(block, model));
    else if (block.type === 'image') others.push(toImage(block, model));
    else others.push({ type: 'text', text: block.text });
  }
  return [
    ...(results.length > 0
      ? [{ role: 'tool' as const, content: results }]
      : []),
    ...(others.length > 0 ? [{ role: 'user' as const, content: others }] : []),
  ];
}

function toAssistantPart(
  block: Exclude<
    Extract<SentMessage, { role: 'assistant' }>['content'],
    string
  >[number],
): AssistantPart {
  switch (block.type) {
    case 'tool_use':
      return {
        type: 'tool-call',
        toolCallId: block.id,
        toolName: block.name,
        input: block.input,
      };
    case 'thinking':
      return {
        type: 'reasoning',
        text: block.thinking,
        signature: block.signature ?? undefined,
      };
    default:
      return { type: 'text', text: block.text };
  }
}

function toResult(block: SentToolResult, model: string): ToolResultPart {
  const { content } = block;
  return {
    type: 'tool-result',
    toolCallId: block.tool_use_id,
    content: Array.isArray(content)
      ? content.map(part =>
          part.type === 'image'
            ? toImage(part, model)
            : { type: 'text', text: part.text },
        )
      : content ?? '',
    ...(block.is_error ? { isError: true } : {}),
  };
}

function toImage({ source }: SentImage, model: string): ImagePart {
  return source.type === 'base64'
    ? toImagePart(source.media_type, source.data)
    : readImage(source.url, model);
}

function toToolChoice(
  choice: MessagesRequest['tool_choice'],
): ToolChoice | undefined {
  if (!choice) return undefined;
  if (choice.type === 'tool') return { type: 'tool', toolName: choice.name };
  return { type: choice.type === 'any' ? 'required' : choice.type };
}
