import * as z from 'zod';

/** One OpenAI-compatible server, as `GENAI_UPSTREAMS` names it. */
export const upstreamConfigSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a short lower-case name'),
  /** Address up to and including the version: `http://127.0.0.1:11434/v1`. */
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  /** Sent as bearer token; absent for servers that want none. */
  apiKey: z.string().min(1).max(1000).optional(),
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        kind: z.enum(['text', 'embedding']),
        /** Most tokens of one answer; what limits hold back for callers that name none. */
        maxOutputTokens: z.int().positive().max(1_000_000).optional(),
      }),
    )
    .min(1)
    .max(200),
});

export type UpstreamConfig = z.infer<typeof upstreamConfigSchema>;
