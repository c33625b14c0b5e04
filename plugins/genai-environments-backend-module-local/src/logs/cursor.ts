import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** A log, how far it was read, and the time of the last line. */
const readerSchema = z.object({
  at: z.iso.datetime().optional(),
  position: z
    .object({
      inode: z.string(),
      fingerprint: z.string(),
      offset: z.int().nonnegative(),
    })
    .optional(),
});
export type ReaderState = z.infer<typeof readerSchema>;

const cursorSchema = z.object({
  uid: z.string(),
  runtime: readerSchema,
  app: readerSchema,
});
export type LogCursor = z.infer<typeof cursorSchema>;

/** As text without meaning to others. */
export function encodeLogCursor(cursor: LogCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws InputError for what is no cursor of the environment's logs */
export function decodeLogCursor(text: string, uid: string): LogCursor {
  const json = Buffer.from(text, 'base64url').toString();
  const parsed = cursorSchema.safeParse(parseJson(json));
  if (parsed.success && parsed.data.uid === uid) return parsed.data;
  throw new InputError(
    'Field "after" is no cursor of the logs of this environment. Leave it out to begin with the newest lines.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
