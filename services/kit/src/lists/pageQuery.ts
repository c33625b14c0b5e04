import * as z from 'zod';

/** The header in which lists whose body has a classic shape say that there is more. */
export const NEXT_CURSOR = 'x-next-cursor';

/** Of the query of a list: which page of it. */
export function pageQuery({ maxCursorLength = 1000 } = {}) {
  return z.object({
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
      .max(maxCursorLength)
      .optional()
      .describe('The header `x-next-cursor` of the page before.'),
  });
}
