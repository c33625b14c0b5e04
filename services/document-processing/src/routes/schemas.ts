import * as z from 'zod';
import { ChunkingSettings, CHUNKING_STRATEGIES } from '../domain/Job';

export const id = z.string().min(1).max(100);

export const fileName = z
  .string()
  .min(1, 'must not be empty')
  .max(255)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters')
  .regex(/^\P{Surrogate}+$/u, 'must be well-formed text')
  .describe('Name of the file; its extension says what it is.');

export const idParams = z.object({ id });

export const pageQuery = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Most items to answer; all when absent.'),
  cursor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('The header `x-next-cursor` of the page before.'),
});

export const deletedSchema = z
  .object({ deleted: z.literal(true) })
  .meta({ id: 'DocumentJobDeleted' });

export const chunkingStrategy = z
  .enum(CHUNKING_STRATEGIES)
  .describe(
    'Files of json and jsonl are always cut in their own way: by structure, and by line.',
  );

const DEFAULT_CHARACTERS = 4000;
const DEFAULT_TOKENS = 512;
const DEFAULT_OVERLAP = 200;

export const sizes = {
  chunk_size: z.coerce
    .number()
    .int()
    .min(10)
    .max(200_000)
    .optional()
    .describe('Characters, or tokens for `token`; default 4000, or 512.'),
  chunk_overlap: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe('Less than chunk_size; default a twentieth of it, at most 200.'),
};

export const OVERLAP_TOO_LARGE = {
  message: 'must be less than chunk_size',
  path: ['chunk_overlap'],
};

export function isOverlapSmaller(params: {
  chunk_size?: number;
  chunk_overlap?: number;
}): boolean {
  const { chunk_size: size = DEFAULT_CHARACTERS, chunk_overlap: overlap = 0 } =
    params;
  return overlap < size;
}

export const chunkingParams = z
  .object(sizes)
  .refine(isOverlapSmaller, OVERLAP_TOO_LARGE);

/** Settings with the defaults of their strategy. */
export function toSettings(request: {
  strategy: ChunkingSettings['strategy'];
  params?: z.output<typeof chunkingParams> | null;
}): ChunkingSettings {
  const { strategy, params } = request;
  const defaultSize =
    strategy === 'token' ? DEFAULT_TOKENS : DEFAULT_CHARACTERS;
  const chunkSize = params?.chunk_size ?? defaultSize;
  const chunkOverlap = Math.min(
    params?.chunk_overlap ??
      Math.min(DEFAULT_OVERLAP, Math.floor(chunkSize / 20)),
    chunkSize - 1,
  );
  return { strategy, chunkSize, chunkOverlap };
}
