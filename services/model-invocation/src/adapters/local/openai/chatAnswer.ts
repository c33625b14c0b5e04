import * as z from 'zod';
import { textOf } from '../../../domain/content';
import type {
  AssistantPart,
  FinishReason,
  Generation,
  TokenUsage,
} from '../../../domain/Model';
import { readUsage } from './usage';

const inputSchema = z.record(z.string(), z.unknown());

/** What is used of a chat completion; upstreams add more. */
const chatCompletionSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          // vLLM and DeepSeek call it one thing, Ollama and OpenRouter the other.
          reasoning_content: z.string().nullish(),
          reasoning: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string(),
                function: z.object({
                  name: z.string(),
                  arguments: z.string(),
                }),
              }),
            )
            .nullish(),
        }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
});

type Message = z.output<
  typeof chatCompletionSchema
>['choices'][number]['message'];

/** What is used of an embeddings answer. */
export const embeddingsAnswerSchema = z.object({
  data: z.array(
    z.object({ index: z.number().int(), embedding: z.array(z.number()) }),
  ),
  usage: z.unknown().optional(),
});

/** An answer, and what the upstream counted. */
export type ReadAnswer = Omit<Generation, keyof TokenUsage> & {
  usage: TokenUsage | undefined;
};

/** @throws ZodError or SyntaxError for what is no chat completion */
export function readChatAnswer(answer: unknown): ReadAnswer {
  const { choices, usage } = chatCompletionSchema.parse(answer);
  const [{ message, finish_reason: reason }] = choices;
  const content = contentOf(message);
  const calls = content.some(part => part.type === 'tool-call');
  return {
    text: message.content ?? '',
    ...(content.some(part => part.type !== 'text') ? { content } : {}),
    finishReason: toFinishReason(reason, { calls }),
    usage: readUsage(usage),
  };
}

/**
 * All that was answered, whichever choice it is in.
 *
 * @throws ZodError or SyntaxError for what is no chat completion
 */
export function textOfChoices(answer: unknown): string {
  const { choices } = chatCompletionSchema.parse(answer);
  return choices.map(({ message }) => textOf(contentOf(message))).join('\n');
}

/** Some servers say `stop` though they call tools. */
export function toFinishReason(
  reason: string | null | undefined,
  { calls }: { calls: boolean },
): FinishReason {
  switch (reason) {
    case 'stop':
      return calls ? 'tool-calls' : 'stop';
    case 'length':
      return reason;
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    default:
      return 'other';
  }
}

function contentOf(message: Message): AssistantPart[] {
  const content: AssistantPart[] = [];
  const reasoning = message.reasoning_content || message.reasoning;
  if (reasoning) content.push({ type: 'reasoning', text: reasoning });
  if (message.content) content.push({ type: 'text', text: message.content });
  for (const { id, function: called } of message.tool_calls ?? []) {
    content.push({
      type: 'tool-call',
      toolCallId: id,
      toolName: called.name,
      input: inputSchema.parse(JSON.parse(called.arguments || '{}')),
    });
  }
  return content;
}
