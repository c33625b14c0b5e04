import {
  InvalidInputError,
  toSchemaViolation,
} from '@genai-environments/service-kit';
import * as z from 'zod';
import type { ChatMessage, GenerateRequest } from '../../domain/Model';
import { joinBlocks } from './toGenerateRequest';

const text = z.string().max(4_000_000);
const blocks = z.union([text, z.array(z.object({ text })).min(1).max(1000)]);
const stops = z.union([z.string(), z.array(z.string()).max(16)]);

/**
 * The formats that models take natively and that existing clients send: OpenAI's and
 * Anthropic's messages, Llama's and Mistral's `prompt`, Titan's `inputText`.
 */
const rawInputSchema = z.object({
  messages: z
    .array(
      z.object({
        role: z.enum(['user', 'assistant', 'system']),
        content: blocks,
      }),
    )
    .min(1)
    .max(10_000)
    .optional(),
  prompt: text.optional(),
  inputText: text.optional(),
  system: blocks.optional(),
  max_tokens: z.int().positive().optional(),
  max_gen_len: z.int().positive().optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop: stops.optional(),
  stop_sequences: stops.optional(),
  textGenerationConfig: z
    .object({
      maxTokenCount: z.int().positive().optional(),
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string()).max(16).optional(),
    })
    .optional(),
});

type RawInput = z.output<typeof rawInputSchema>;

/**
 * Reads a request in a model's own format.
 *
 * @throws InvalidInputError when it names nothing to answer
 * @throws SchemaViolationError when a known field has the wrong type
 */
export function readRawInput(
  model: string,
  rawInput: Record<string, unknown>,
): GenerateRequest {
  const parsed = rawInputSchema.safeParse(rawInput);
  if (!parsed.success) throw toSchemaViolation(parsed.error, 'raw_input');

  const raw = parsed.data;
  const titan = raw.textGenerationConfig;
  const stop = raw.stop_sequences ?? raw.stop ?? titan?.stopSequences;
  return {
    model,
    messages: messagesOf(raw),
    maxTokens: raw.max_tokens ?? raw.max_gen_len ?? titan?.maxTokenCount,
    temperature: raw.temperature ?? titan?.temperature,
    topP: raw.top_p ?? titan?.topP,
    topK: raw.top_k,
    stopSequences: typeof stop === 'string' ? [stop] : stop,
  };
}

function messagesOf(raw: RawInput): ChatMessage[] {
  const system: ChatMessage[] = raw.system
    ? [{ role: 'system', content: joinBlocks(raw.system) }]
    : [];
  if (raw.messages) {
    return [
      ...system,
      ...raw.messages.map(({ role, content }) => ({
        role,
        content: joinBlocks(content),
      })),
    ];
  }
  const prompt = raw.prompt ?? raw.inputText;
  if (!prompt) {
    throw new InvalidInputError(
      'raw_input holds nothing to answer. It needs "messages", "prompt" or "inputText".',
    );
  }
  return [...system, { role: 'user', content: prompt }];
}

/**
 * The request as an object, whichever way it was sent.
 *
 * @throws InvalidInputError when it is a text that is not a JSON object
 */
export function toObject(
  rawInput: string | Record<string, unknown>,
): Record<string, unknown> {
  if (typeof rawInput !== 'string') return rawInput;
  try {
    const value: unknown = JSON.parse(rawInput);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Told below.
  }
  throw new InvalidInputError(
    'raw_input is a text, but not that of a JSON object. Send an object or its JSON text.',
  );
}

/**
 * Most tokens it lets one answer have, wherever its format says so. Which member counts
 * depends on the model: the largest is what it may come to.
 */
export function maxTokensOf(raw: Record<string, any>): number | undefined {
  const found = [
    raw.max_tokens,
    raw.max_completion_tokens,
    raw.max_gen_len,
    raw.maxTokens,
    raw.textGenerationConfig?.maxTokenCount,
    raw.inferenceConfig?.maxTokens,
    raw.inferenceConfig?.max_new_tokens,
  ].filter(isCount);
  return found.length > 0 ? Math.max(...found) : undefined;
}

/** How many answers it asks for at most. */
export function answersOf(raw: Record<string, any>): number {
  const { n, num_generations: cohere, numResults: ai21 } = raw;
  return Math.max(1, ...[n, cohere, ai21].filter(isCount));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
