import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import * as z from 'zod';

const MAX_LENGTH = 1_000_000;

/** Parses JSON without letting the parser quote the text, which may hold a key. */
export const json = <T extends z.ZodType>(schema: T) =>
  z.string().max(MAX_LENGTH).transform(parse).pipe(schema);

/** The same, of a file when the value is an absolute path. */
export const jsonOrFile = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .max(MAX_LENGTH)
    .transform((value, context) =>
      isAbsolute(value) ? read(value, context) : value,
    )
    .transform(parse)
    .pipe(schema);

function parse(text: string, context: z.core.$RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}

function read(path: string, context: z.core.$RefinementCtx): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= MAX_LENGTH) return text;
  } catch {
    // Told below.
  }
  context.addIssue({
    code: 'custom',
    message: 'must be JSON, or the absolute path of a file that holds it',
  });
  return z.NEVER;
}
