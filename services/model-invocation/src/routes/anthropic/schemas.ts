import * as z from 'zod';
import { promptTemplateSchema } from '../promptTemplate';

const MAX_TEXT = 4_000_000;
/** An image of 20 MB in base64. */
const MAX_IMAGE = 28_000_000;
const id = z.string().min(1).max(256);
const name = z.string().min(1).max(128);
const json = z.record(z.string(), z.unknown());

const text = z.object({
  type: z.literal('text'),
  text: z.string().max(MAX_TEXT),
});
const image = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('base64'),
      media_type: z.string().max(100),
      data: z.string().max(MAX_IMAGE),
    }),
    z.object({ type: z.literal('url'), url: z.string().max(MAX_IMAGE) }),
  ]),
});
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z
    .union([
      z.string().max(MAX_TEXT),
      z.array(z.discriminatedUnion('type', [text, image])).max(1000),
    ])
    .nullish(),
  is_error: z.boolean().nullish(),
});
const toolUse = z.object({
  type: z.literal('tool_use'),
  id,
  name,
  input: json,
});
const thinking = z.object({
  type: z.literal('thinking'),
  thinking: z.string().max(MAX_TEXT),
  signature: z.string().max(1_000_000).nullish(),
});

const message = z
  .discriminatedUnion('role', [
    z.object({
      role: z.literal('user'),
      content: z.union([
        z.string().max(MAX_TEXT),
        z
          .array(z.discriminatedUnion('type', [text, image, toolResult]))
          .max(1000),
      ]),
    }),
    z.object({
      role: z.literal('assistant'),
      content: z.union([
        z.string().max(MAX_TEXT),
        z
          .array(z.discriminatedUnion('type', [text, toolUse, thinking]))
          .max(1000),
      ]),
    }),
  ])
  .meta({ id: 'AnthropicMessageParam' });

const tool = z.object({
  type: z.literal('custom').nullish(),
  name,
  description: z.string().max(10_000).nullish(),
  input_schema: json,
});

const toolChoice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('auto') }),
  z.object({ type: z.literal('any') }),
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('tool'), name }),
]);

/**
 * Body of `POST /v1/messages`. Members that only tune Anthropic's own service, such as
 * `metadata` and `cache_control`, are ignored.
 *
 * @see https://docs.anthropic.com/en/api/messages
 */
export const messagesRequestSchema = z
  .object({
    model: z.string().min(1, 'must name a model').max(200),
    max_tokens: z.int().min(1).max(1_000_000),
    messages: z.array(message).max(10_000).optional(),
    prompt_template: promptTemplateSchema.nullish(),
    system: z
      .union([z.string().max(MAX_TEXT), z.array(text).max(100)])
      .nullish(),
    stream: z.boolean().nullish(),
    temperature: z.number().min(0).max(1).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: z.int().min(0).max(1000).nullish(),
    stop_sequences: z.array(z.string().min(1).max(200)).max(16).nullish(),
    tools: z.array(tool).max(128).nullish(),
    tool_choice: toolChoice.nullish(),
    thinking: z.object({ type: z.string().max(50) }).nullish(),
  })
  .refine(({ messages, prompt_template: named }) => named || messages?.length, {
    path: ['messages'],
    message: 'must hold at least one message, or send "prompt_template"',
  })
  .meta({ id: 'AnthropicMessagesRequest' });

export type MessagesRequest = z.output<typeof messagesRequestSchema>;
export type SentMessage = z.output<typeof message>;
export type SentImage = z.output<typeof image>;
export type SentToolResult = z.output<typeof toolResult>;

/** Answer of `POST /v1/messages`. */
export const messageSchema = z
  .object({
    id: z.string(),
    type: z.literal('message'),
    role: z.literal('assistant'),
    model: z.string(),
    content: z.array(z.looseObject({ type: z.string() })),
    stop_reason: z.string().nullable(),
    stop_sequence: z.string().nullable(),
    usage: z.object({
      input_tokens: z.int(),
      output_tokens: z.int(),
      cache_read_input_tokens: z.int(),
      cache_creation_input_tokens: z.int(),
    }),
  })
  .meta({ id: 'AnthropicMessage' });
