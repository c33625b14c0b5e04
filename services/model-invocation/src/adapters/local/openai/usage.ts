import * as z from 'zod';
import type { TokenUsage } from '../../../domain/Model';

const KEY = Buffer.from('"usage"');

/** `usage` as OpenAI-compatible servers write it; embeddings have no completion. */
export const usageSchema = z.object({
  prompt_tokens: z.number().int().nonnegative(),
  completion_tokens: z.number().int().nonnegative().optional(),
  prompt_tokens_details: z
    .object({ cached_tokens: z.number().int().nonnegative().nullish() })
    .nullish(),
});

/** Turns a parsed `usage` into ours; `undefined` when it is none. */
export function readUsage(value: unknown): TokenUsage | undefined {
  const parsed = usageSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const cached = data.prompt_tokens_details?.cached_tokens;
  return {
    inputTokens: data.prompt_tokens,
    outputTokens: data.completion_tokens ?? 0,
    ...(cached ? { cacheReadTokens: cached } : {}),
  };
}

/**
 * Finds `usage` in a JSON answer without parsing the whole of it. `"usage"` cannot
 * occur inside a JSON string: the quotes would be escaped.
 */
export function findUsage(body: Buffer): TokenUsage | undefined {
  const key = body.lastIndexOf(KEY);
  if (key < 0) return undefined;
  const start = body.indexOf(0x7b /* { */, key);
  if (start < 0) return undefined;

  let depth = 0;
  for (let index = start; index < body.length; index++) {
    if (body[index] === 0x7b) depth++;
    else if (body[index] === 0x7d /* } */ && --depth === 0) {
      return parseUsage(body.toString('latin1', start, index + 1));
    }
  }
  return undefined;
}

function parseUsage(text: string): TokenUsage | undefined {
  try {
    return readUsage(JSON.parse(text));
  } catch {
    return undefined;
  }
}
