import * as z from 'zod';
import { promptTemplateSchema } from '../promptTemplate';

/** Longest text of one field: about a million tokens. */
const MAX_TEXT = 4_000_000;

const textBlock = z.object({ text: z.string().max(MAX_TEXT) });

const message = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([
    z.string().max(MAX_TEXT),
    z.array(textBlock).min(1, 'must hold at least one text block').max(1000),
  ]),
});

/** Body of `invoke` and `async_invoke`. */
export const invokeRequestSchema = z
  .object({
    model_name: z.string().min(1, 'must name a model').max(200),
    prompt: z
      .union([
        z.string().min(1, 'must not be empty').max(MAX_TEXT),
        z.array(message).min(1, 'must hold at least one message').max(10_000),
      ])
      .optional()
      .describe('A text, or the messages of a conversation.'),
    prompt_template: promptTemplateSchema.nullish(),
    max_tokens: z.int().min(1).max(1_000_000).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: z.int().min(0).max(1000).nullish(),
    stop_sequences: z.array(z.string().min(1).max(200)).max(16).nullish(),
    system_prompts: z.array(textBlock).max(100).nullish(),
  })
  .refine(({ prompt, prompt_template: named }) => prompt ?? named, {
    path: ['prompt'],
    message: 'must be sent, or "prompt_template"',
  })
  .meta({ id: 'InvokeRequest' });

export type InvokeRequest = z.output<typeof invokeRequestSchema>;

export const invokeAnswerSchema = z
  .object({
    output_text: z.string(),
    input_tokens: z.int(),
    output_tokens: z.int(),
  })
  .meta({ id: 'InvokeAnswer' });

export const embedRequestSchema = z
  .object({
    model_name: z.string().min(1, 'must name a model').max(200),
    input_text: z.string().min(1, 'must not be empty').max(MAX_TEXT),
  })
  .meta({ id: 'EmbedRequest' });

export const embedAnswerSchema = z
  .object({ embedding: z.array(z.number()), input_tokens: z.int() })
  .meta({ id: 'EmbedAnswer' });

export const asyncInvokeAnswerSchema = z
  .object({ invocation_id: z.string() })
  .meta({ id: 'AsyncInvokeAnswer' });

const listedModel = z.object({ model_name: z.string(), model_id: z.string() });

export const listModelsAnswerSchema = z
  .object({
    text_models: z.array(listedModel),
    embed_models: z.array(listedModel),
  })
  .meta({ id: 'ModelList' });

export const rawInvokeRequestSchema = z
  .object({
    model_id: z.string().min(1, 'must name a model').max(200),
    raw_input: z
      .union([
        z.record(z.string(), z.unknown()),
        z.string().min(1).max(MAX_TEXT),
      ])
      .describe(
        'What the model itself takes, as an object or as its JSON text: ' +
          '{messages} or {prompt} or {inputText} with the settings beside it.',
      ),
  })
  .meta({ id: 'RawInvokeRequest' });
