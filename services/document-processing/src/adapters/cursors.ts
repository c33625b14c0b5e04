import {
  decodeCursor,
  InvalidInputError,
} from '@genai-environments/service-kit';

/**
 * The sort key after which a page of a table begins.
 *
 * @param options.prefix - of all keys of that list
 * @throws InvalidInputError when it was never handed out
 */
export function readKey(
  cursor: string,
  { prefix = '' }: { prefix?: string } = {},
): string {
  const sk = decodeCursor(cursor);
  if (sk.startsWith(prefix) && /^\d{15}#/.test(sk.slice(prefix.length))) {
    return sk;
  }
  throw noCursor();
}

/**
 * The position of the row after which a page begins.
 *
 * @throws InvalidInputError when it was never handed out
 */
export function readPosition(cursor: string): number {
  const position = Number(decodeCursor(cursor));
  if (Number.isSafeInteger(position) && position > 0) return position;
  throw noCursor();
}

function noCursor(): InvalidInputError {
  return new InvalidInputError(
    'The cursor is none that a list answered. Leave it out to begin again.',
    { code: 'invalid_cursor' },
  );
}
