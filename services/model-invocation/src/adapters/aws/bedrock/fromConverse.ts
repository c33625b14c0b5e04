import * as z from 'zod';
import type {
  AssistantPart,
  FinishReason,
  Generation,
  TokenUsage,
} from '../../../domain/Model';
import { REDACTED } from './reasoning';

const count = z.int().nonnegative();

/** What is used of `usage`; the cache's share is not within `inputTokens`. */
export const usageSchema = z.object({
  inputTokens: count,
  outputTokens: count,
  cacheReadInputTokens: count.nullish(),
  cacheWriteInputTokens: count.nullish(),
});

const block = z.object({
  text: z.string().optional(),
  toolUse: z
    .object({
      toolUseId: z.string(),
      name: z.string(),
      input: z.record(z.string(), z.unknown()).nullish(),
    })
    .optional(),
  reasoningContent: z
    .object({
      reasoningText: z
        .object({ text: z.string(), signature: z.string().nullish() })
        .optional(),
      redactedContent: z.string().optional(),
    })
    .optional(),
  /** Text with citations, from models that were given documents. */
  citationsContent: z
    .object({ content: z.array(z.object({ text: z.string().optional() })) })
    .optional(),
});

/** Fields of a model's own that were asked for. */
export const additionalFieldsSchema = z
  .object({ stop_sequence: z.string().nullish() })
  .nullish()
  .catch(undefined);

/** What is used of an answer of Converse. */
export const converseAnswerSchema = z.object({
  output: z.object({ message: z.object({ content: z.array(block) }) }),
  stopReason: z.string(),
  usage: usageSchema,
  additionalModelResponseFields: additionalFieldsSchema,
});

type Block = z.output<typeof block>;

/** Turns an answer of Converse into ours. Throws a `ZodError`. */
export function fromConverse(body: unknown): Generation {
  const { output, stopReason, usage, additionalModelResponseFields } =
    converseAnswerSchema.parse(body);
  const content = output.message.content.flatMap(toPart);
  const texts = content.flatMap(part =>
    part.type === 'text' ? [part.text] : [],
  );
  return {
    text: texts.join(''),
    ...(texts.length < content.length ? { content } : {}),
    finishReason: toFinishReason(stopReason),
    ...toStopSequence(additionalModelResponseFields),
    ...toUsage(usage),
  };
}

/** Blocks that hold nothing we know are left out. */
function toPart(given: Block): AssistantPart[] {
  if (given.text !== undefined) return [{ type: 'text', text: given.text }];
  if (given.toolUse) {
    const { toolUseId: toolCallId, name: toolName, input } = given.toolUse;
    return [{ type: 'tool-call', toolCallId, toolName, input: input ?? {} }];
  }
  if (given.citationsContent) {
    const text = given.citationsContent.content
      .map(item => item.text ?? '')
      .join('');
    return [{ type: 'text', text }];
  }
  const { reasoningText, redactedContent } = given.reasoningContent ?? {};
  if (reasoningText) {
    const { text, signature } = reasoningText;
    return [{ type: 'reasoning', text, ...(signature ? { signature } : {}) }];
  }
  return redactedContent
    ? [{ type: 'reasoning', text: '', signature: REDACTED + redactedContent }]
    : [];
}

export function toUsage(usage: z.output<typeof usageSchema>): TokenUsage {
  const { inputTokens, outputTokens } = usage;
  const cacheReadTokens = usage.cacheReadInputTokens ?? 0;
  const cacheWriteTokens = usage.cacheWriteInputTokens ?? 0;
  return {
    inputTokens: inputTokens + cacheReadTokens + cacheWriteTokens,
    outputTokens,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(cacheWriteTokens > 0 ? { cacheWriteTokens } : {}),
  };
}

export function toStopSequence(
  fields: z.output<typeof additionalFieldsSchema>,
): { stopSequence?: string } {
  return fields?.stop_sequence ? { stopSequence: fields.stop_sequence } : {};
}

export function toFinishReason(stopReason: string): FinishReason {
  switch (stopReason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'content_filtered':
    case 'guardrail_intervened':
      return 'content-filter';
    default:
      return 'other';
  }
}
