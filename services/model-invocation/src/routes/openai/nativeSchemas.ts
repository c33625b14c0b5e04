import * as z from 'zod';

const inputSchema = z.record(z.string(), z.unknown());
const name = z.string().min(1).max(128);

/** `arguments` is JSON in a string; models that call without arguments leave it empty. */
const argumentsSchema = z
  .string()
  .max(4_000_000)
  .transform((text, context) => {
    try {
      return inputSchema.parse(JSON.parse(text || '{}'));
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON object' });
      return z.NEVER;
    }
  });

const part = z.object({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.object({ url: z.string() }).optional(),
});
const content = z.union([z.string(), z.array(part)]);

const toolCall = z.object({
  id: z.string().min(1).max(256),
  function: z.object({ name, arguments: argumentsSchema }),
});

const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content }),
  z.object({ role: z.literal('developer'), content }),
  z.object({ role: z.literal('user'), content }),
  z.object({
    role: z.literal('assistant'),
    content: content.nullish(),
    tool_calls: z.array(toolCall).max(128).nullish(),
  }),
  z.object({
    role: z.literal('tool'),
    content,
    tool_call_id: z.string().min(1).max(256),
  }),
]);

const tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name,
    description: z.string().max(10_000).nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
  }),
});

/**
 * What models with a protocol of their own take of a chat request. Sizes were checked by
 * `chatRequestSchema`.
 */
export const nativeChatSchema = z.object({
  messages: z.array(message),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  n: z.int().nullish(),
  tools: z.array(tool).max(128).nullish(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name }) }),
    ])
    .nullish(),
  response_format: z.object({ type: z.string().max(50) }).nullish(),
  functions: z.array(z.unknown()).nullish(),
  logprobs: z.boolean().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
});

export type NativeChat = z.output<typeof nativeChatSchema>;
export type NativeMessage = NativeChat['messages'][number];
export type NativePart = z.output<typeof part>;
