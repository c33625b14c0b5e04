import { InputError } from '@backstage/errors';

/** Position behind the last item of a page; opaque to callers. */
export function encodeCursor(afterName: string): string {
  return Buffer.from(JSON.stringify({ after: afterName })).toString(
    'base64url',
  );
}

/** @throws InputError when the text does not come from {@link encodeCursor}. */
export function decodeCursor(cursor: string): string {
  try {
    const { after } = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof after === 'string') return after;
  } catch {
    // Falls through to the same answer as a well-formed text of another kind.
  }
  throw new InputError(
    'Field "cursor" is invalid: pass the nextCursor of the previous page unchanged, or leave it out to start from the first page.',
  );
}
