import type {
  AssistantPart,
  FinishReason,
  Generation,
  TokenUsage,
} from '../../domain/Model';

/** A whole answer as Anthropic has it. */
export function toMessage(
  generation: Generation,
  head: { id: string; model: string },
) {
  const { text, content, finishReason, stopSequence } = generation;
  const parts: AssistantPart[] =
    content ?? (text ? [{ type: 'text', text }] : []);
  return {
    ...head,
    type: 'message' as const,
    role: 'assistant' as const,
    content: parts.map(toBlock),
    stop_reason: toStopReason(finishReason, stopSequence),
    stop_sequence: stopSequence ?? null,
    usage: toMessageUsage(generation),
  };
}

/** `stop_reason` as Anthropic has it. */
export function toStopReason(
  reason: FinishReason,
  stopSequence: string | undefined,
): string {
  if (stopSequence !== undefined) return 'stop_sequence';
  return {
    stop: 'end_turn',
    length: 'max_tokens',
    'tool-calls': 'tool_use',
    'content-filter': 'refusal',
    other: 'end_turn',
  }[reason];
}

/** Unlike ours, Anthropic's `input_tokens` leave out what the prompt cache took part in. */
export function toMessageUsage(usage: TokenUsage) {
  const { inputTokens, outputTokens } = usage;
  const { cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    output_tokens: outputTokens,
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: cacheWriteTokens,
  };
}

function toBlock(part: AssistantPart) {
  switch (part.type) {
    case 'tool-call':
      return {
        type: 'tool_use',
        id: part.toolCallId,
        name: part.toolName,
        input: part.input,
      };
    case 'reasoning':
      return {
        type: 'thinking',
        thinking: part.text,
        signature: part.signature ?? '',
      };
    default:
      return { type: 'text', text: part.text };
  }
}
