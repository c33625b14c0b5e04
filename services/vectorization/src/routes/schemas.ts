import { pageQuery } from '@genai-environments/service-kit';
import * as z from 'zod';
import { STORE_TYPES } from '../domain/VectorStore';

/** Ids are made by the services; what else is sent is unknown, not wrong. */
export const idSchema = z.string().min(1, 'must not be empty').max(200);

export const nameSchema = z
  .string()
  .min(1, 'must not be empty')
  .max(200)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters');

export const fileNameSchema = z.string().min(1, 'must not be empty').max(1024);

export const storeTypeSchema = z.enum(STORE_TYPES);

export const pageQuerySchema = pageQuery();

export const timestampSchema = z
  .string()
  .describe('ISO 8601, in coordinated universal time.');

/** Description of the routes that delete what holds vectors. */
export const VECTORS_FOLLOW =
  'Once it is answered, nothing finds it any more. Vectors that could not be removed at ' +
  'once are removed in the background, with another attempt each minute.';

export const topKSchema = z
  .int()
  .min(1)
  .max(100)
  .describe('Most passages to find.');

export const filterSchema = z
  .record(z.string().max(100), z.unknown())
  .describe(
    'Which chunks to consider. Members must all hold. Fields are `file_name`, `page_number` and ' +
      'the keys of `metadata` that the vectorization job was given. A field has a value, or ' +
      'an object of `$eq`, `$ne`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$nin`, `$exists`; ' +
      '`$and` and `$or` take lists of filters. Example: ' +
      '`{"file_name": "handbook.pdf", "page_number": {"$gte": 10, "$lt": 20}}`.',
  );

export const metadataSchema = z
  .record(
    z.string().min(1).max(100).regex(/^[^$]/, 'must not begin with "$"'),
    z.union([
      z.string().max(1000),
      z.number(),
      z.boolean(),
      z.array(z.string().max(1000)).max(100),
    ]),
  )
  .refine(value => Object.keys(value).length <= 50, 'must have at most 50 keys')
  .refine(
    value => !('file_name' in value) && !('page_number' in value),
    'must not hold "file_name" or "page_number", which are known already',
  )
  .describe('About all documents of the job, for filters of searches.');

/** How routes write a time. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
