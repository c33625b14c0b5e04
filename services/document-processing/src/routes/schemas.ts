import { pageQuery as makePageQuery } from '@genai-environments/service-kit';
import * as z from 'zod';
import { ChunkingSettings, CHUNKING_STRATEGIES } from '../domain/Job';

export const id = z.string().min(1).max(100);

export const fileName = z
  .string()
  .min(1, 'must not be empty')
  .max(255)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters')
  .refine(name => !/\p{Surrogate}/u.test(name), 'must be well-formed text')
  .describe('Name of the file; its extension says what it is.');

export const idParams = z.object({ id });

export const pageQuery = makePageQuery({ maxCursorLength: 100 });

export const deletedSchema = z
  .object({ deleted: z.literal(true) })
  .meta({ id: 'DocumentJobDeleted' });

/** Description of the routes that order work. */
export const ACCEPTED =
  'A job that was answered is recorded: if its files could not be queued, they are later.';

/** Description of the routes that delete what holds objects. */
export const OBJECTS_FOLLOW =
  'Once it is answered, nothing finds it any more. What was stored for it and could not be ' +
  'removed at once is removed in the background, with another attempt each minute.';

export const chunkingStrategy = z
  .enum(CHUNKING_STRATEGIES)
  .describe(
    'Files of json and jsonl are always cut in their own way: by structure, and by line.',
  );

const DEFAULT_CHARACTERS = 4000;
const DEFAULT_TOKENS = 512;
const DEFAULT_OVERLAP = 200;

const chunkSize = z.int().min(10).max(200_000);
const chunkOverlap = z.int().min(0).max(100_000);
const SIZE = 'Characters, or tokens for `token`; default 4000, or 512.';
const OVERLAP = 'Less than chunk_size; default a twentieth of it, at most 200.';

/** Fields of a form are texts. */
export const formSizes = {
  chunk_size: z.coerce.number().pipe(chunkSize).optional().describe(SIZE),
  chunk_overlap: z.coerce
    .number()
    .pipe(chunkOverlap)
    .optional()
    .describe(OVERLAP),
};

export const OVERLAP_TOO_LARGE = 'must be less than chunk_size';

type ChunkingParams = {
  chunk_size?: number | null;
  chunk_overlap?: number | null;
};

/** Whether it is, also where the size is the default of the strategy. */
export function isOverlapSmaller(
  strategy: ChunkingSettings['strategy'],
  params: ChunkingParams | null | undefined,
): boolean {
  const size = params?.chunk_size ?? defaultSize(strategy);
  return (params?.chunk_overlap ?? 0) < size;
}

export const chunkingParams = z.object({
  chunk_size: chunkSize.nullish().describe(SIZE),
  chunk_overlap: chunkOverlap.nullish().describe(OVERLAP),
});

/** Settings with the defaults of their strategy. */
export function toSettings(request: {
  strategy: ChunkingSettings['strategy'];
  params?: ChunkingParams | null;
}): ChunkingSettings {
  const { strategy, params } = request;
  const size = params?.chunk_size ?? defaultSize(strategy);
  const overlap =
    params?.chunk_overlap ?? Math.min(DEFAULT_OVERLAP, Math.floor(size / 20));
  return { strategy, chunkSize: size, chunkOverlap: overlap };
}

function defaultSize(strategy: ChunkingSettings['strategy']): number {
  return strategy === 'token' ? DEFAULT_TOKENS : DEFAULT_CHARACTERS;
}
