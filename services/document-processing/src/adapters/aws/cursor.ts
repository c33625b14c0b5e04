import { InvalidInputError } from '@genai-environments/service-kit';

/** Makes a cursor of the key after which the next page begins. */
export function encodeCursor(sk: string): string {
  return Buffer.from(sk, 'utf8').toString('base64url');
}

/**
 * @param options.prefix - of all keys of that list
 * @throws InvalidInputError when it was never handed out
 */
export function decodeCursor(
  cursor: string,
  { prefix = '' }: { prefix?: string } = {},
): string {
  const sk = Buffer.from(cursor, 'base64url').toString('utf8');
  if (sk.startsWith(prefix) && /^\d{15}#/.test(sk.slice(prefix.length))) {
    return sk;
  }
  throw new InvalidInputError(
    'The cursor is none that a list answered. Leave it out to begin again.',
    { code: 'invalid_cursor' },
  );
}
