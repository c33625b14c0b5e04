import type { FinishReason, Generation, TokenUsage } from '../../domain/Model';

/** Members that every answer and every chunk carries. */
export type CompletionHead = { id: string; created: number; model: string };

/** A whole answer as OpenAI has it. */
export function toCompletion(generation: Generation, head: CompletionHead) {
  const { text, content = [], finishReason } = generation;
  const calls = content.flatMap(part =>
    part.type === 'tool-call'
      ? {
          id: part.toolCallId,
          type: 'function' as const,
          function: {
            name: part.toolName,
            arguments: JSON.stringify(part.input),
          },
        }
      : [],
  );
  const reasoning = content
    .flatMap(part => (part.type === 'reasoning' ? part.text : []))
    .join('\n');
  return {
    id: head.id,
    object: 'chat.completion' as const,
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant' as const,
          content: text === '' && calls.length > 0 ? null : text,
          ...(reasoning ? { reasoning_content: reasoning } : {}),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: null,
        finish_reason: toWireReason(finishReason),
      },
    ],
    usage: toWireUsage(generation),
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
export function toWireUsage(usage: TokenUsage) {
  const { inputTokens, outputTokens, cacheReadTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cacheReadTokens
      ? { prompt_tokens_details: { cached_tokens: cacheReadTokens } }
      : {}),
  };
}
