import * as z from 'zod';
import { promptTemplateSchema } from '../promptTemplate';

const MAX_TEXT = 4_000_000;

const contentPart = z
  .looseObject({
    type: z.string().max(50),
    text: z.string().max(MAX_TEXT).optional(),
  })
  .meta({ id: 'ChatContentPart' });

const message = z
  .looseObject({
    role: z.enum([
      'system',
      'developer',
      'user',
      'assistant',
      'tool',
      'function',
    ]),
    content: z
      .union([
        z.string().max(MAX_TEXT),
        z.array(contentPart).max(1000),
        z.null(),
      ])
      .optional(),
    tool_calls: z.array(z.looseObject({})).max(128).nullish(),
  })
  .meta({ id: 'ChatMessage' });

/**
 * Body of `POST /v1/chat/completions`: what this service looks at. Everything else is
 * passed on to models that understand it.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export const chatRequestSchema = z
  .looseObject({
    model: z.string().min(1, 'must name a model').max(200),
    messages: z.array(message).max(10_000).optional(),
    prompt_template: promptTemplateSchema.nullish(),
    tools: z.array(z.looseObject({})).max(1000).nullish(),
    stream: z.boolean().nullish(),
    stream_options: z
      .looseObject({ include_usage: z.boolean().optional() })
      .nullish(),
    max_tokens: z.int().min(1).max(1_000_000).nullish(),
    max_completion_tokens: z.int().min(1).max(1_000_000).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    stop: z
      .union([z.string().max(200), z.array(z.string().max(200)).max(16)])
      .nullish(),
    n: z.int().min(1).max(128).nullish(),
  })
  .refine(({ messages, prompt_template: named }) => named || messages?.length, {
    path: ['messages'],
    message: 'must hold at least one message, or send "prompt_template"',
  })
  .meta({ id: 'ChatCompletionRequest' });

export type SentChatRequest = z.output<typeof chatRequestSchema>;
export type ChatMessage = z.output<typeof message>;

/** A chat request whose prompt by reference stands among the messages. */
export type ChatRequest = SentChatRequest & { messages: ChatMessage[] };

/** Answer of `POST /v1/chat/completions`; documentation only, it is passed on as bytes. */
export const chatAnswerSchema = z
  .looseObject({
    id: z.string(),
    object: z.literal('chat.completion'),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.looseObject({
        index: z.int(),
        message: z.looseObject({
          role: z.literal('assistant'),
          content: z.string().nullable(),
        }),
        finish_reason: z.string(),
      }),
    ),
    usage: z.looseObject({
      prompt_tokens: z.int(),
      completion_tokens: z.int(),
      total_tokens: z.int(),
    }),
  })
  .meta({ id: 'ChatCompletion' });

const tokenIds = z.array(z.int().nonnegative()).min(1).max(100_000);

/** @see https://platform.openai.com/docs/api-reference/embeddings/create */
export const embeddingsRequestSchema = z
  .looseObject({
    model: z.string().min(1, 'must name a model').max(200),
    input: z.union([
      z.string().min(1, 'must not be empty').max(MAX_TEXT),
      z
        .array(z.string().min(1, 'must not be empty').max(MAX_TEXT))
        .min(1)
        .max(2048),
      tokenIds,
      z.array(tokenIds).min(1).max(2048),
    ]),
    encoding_format: z.enum(['float', 'base64']).nullish(),
    dimensions: z.int().positive().max(100_000).nullish(),
  })
  .meta({ id: 'EmbeddingsRequest' });

export type EmbeddingsRequest = z.output<typeof embeddingsRequestSchema>;

export const embeddingsAnswerSchema = z
  .looseObject({
    object: z.literal('list'),
    model: z.string(),
    data: z.array(
      z.looseObject({
        object: z.literal('embedding'),
        index: z.int(),
        embedding: z
          .union([z.array(z.number()), z.string()])
          .describe('Numbers, or base64 of little-endian 32-bit floats.'),
      }),
    ),
    usage: z.looseObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: 'EmbeddingsAnswer' });

export const modelSchema = z
  .object({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
  })
  .meta({ id: 'Model' });

export const modelListSchema = z
  .object({ object: z.literal('list'), data: z.array(modelSchema) })
  .meta({ id: 'OpenAiModelList' });
