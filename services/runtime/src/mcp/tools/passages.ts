import * as z from 'zod';
import type { FoundPassage } from '../ports';

/** A passage as tools answer it; field names as in the environment's REST API. */
export const passageSchema = z.object({
  text: z.string(),
  score: z.number(),
  file_name: z.string(),
  page_number: z.number().int().optional(),
  chunk_id: z.string(),
});

export const indexIdSchema = z
  .string()
  .min(1)
  .max(200)
  .describe('Id of the index to look in.');

export const filterSchema = z
  .record(z.string().max(200), z.unknown())
  .optional()
  .describe(
    'Conditions on file_name, page_number or metadata, as POST /vector/search takes them.',
  );

/** The passage as data. */
export function toData(passage: FoundPassage): z.output<typeof passageSchema> {
  const { text, score, fileName, pageNumber, chunkId } = passage;
  return {
    text,
    score,
    file_name: fileName,
    ...(pageNumber === undefined ? {} : { page_number: pageNumber }),
    chunk_id: chunkId,
  };
}

/** Where the passage stands, for people and models: `report.pdf, page 3`. */
export function describeSource(passage: FoundPassage): string {
  const { fileName, pageNumber } = passage;
  return pageNumber === undefined
    ? fileName
    : `${fileName}, page ${pageNumber}`;
}
