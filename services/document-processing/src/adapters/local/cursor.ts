import { InvalidInputError } from '@genai-environments/service-kit';
import type { Page } from '../../domain/Job';

/** Makes a cursor that callers cannot mistake for something to build themselves. */
export function encodeCursor(position: number): string {
  return Buffer.from(String(position), 'utf8').toString('base64url');
}

/** @throws InvalidInputError when it was never handed out */
export function decodeCursor(cursor: string): number {
  const position = Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (Number.isSafeInteger(position) && position > 0) return position;
  throw new InvalidInputError(
    'The cursor is none that a list answered. Leave it out to begin again.',
    { code: 'invalid_cursor' },
  );
}

/** One row more than asked for tells whether there is a next page; -1 means all. */
export function oneMore(limit: number | undefined): number {
  return limit === undefined ? -1 : limit + 1;
}

export function toPage<R extends { position: number }, T>(
  rows: R[],
  limit: number | undefined,
  convert: (row: R) => T,
): Page<T> {
  if (limit === undefined || rows.length <= limit) {
    return { items: rows.map(convert) };
  }
  const kept = rows.slice(0, limit);
  return {
    items: kept.map(convert),
    nextCursor: encodeCursor(kept[kept.length - 1].position),
  };
}
