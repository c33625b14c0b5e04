import { pageQuery } from '@genai-environments/service-kit';
import * as z from 'zod';

/** As client ids of this project are: letters, digits, hyphens, underscores. */
export const clientId = z
  .string()
  .min(1, 'must not be empty')
  .max(128)
  .regex(
    /^[A-Za-z0-9_-]+$/,
    'must consist of letters, digits, hyphens and underscores',
  );

export const clientIdParams = z.strictObject({ client_id: clientId });

export const cursor = z.string().min(1).max(1000);

const limit = z.coerce.number().int().min(1).max(1000);

/** Of lists that answer everything when neither is given. */
export const listQuerySchema = pageQuery();

/** Of lists that are never answered whole. */
export const pageQuerySchema = z.object({
  limit: limit.default(100).describe('Most items to answer; default 100.'),
  cursor: cursor
    .optional()
    .describe('The `last_evaluated_key` of the page before.'),
});

export const nextKey = z
  .string()
  .nullable()
  .describe('Where the next page begins; null on the last one.');
