import {
  ALL_ROWS,
  decodeCursor,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';

/** What a query of one page needs. */
export function pageBounds({ limit, cursor }: PageRequest): {
  after: number;
  count: number;
} {
  return {
    after: decode(cursor, 1)?.[0] ?? -1,
    count: oneMore(limit) ?? ALL_ROWS,
  };
}

/** The same of rows that are ordered by their time and, within it, their number. */
export function timeBounds({ limit, cursor }: PageRequest): {
  after: number[];
  count: number;
} {
  return {
    after: decode(cursor, 2) ?? [-1, -1],
    count: oneMore(limit) ?? ALL_ROWS,
  };
}

/** Makes a page of rows that are ordered by their number. */
export function toNumberedPage<R extends { no: number }, T>(
  rows: R[],
  { limit }: PageRequest,
  toItem: (row: R) => T,
): Page<T> {
  return toPage(rows, { limit, toItem, placeOf: ({ no }) => no });
}

/** Makes a page of rows for {@link timeBounds}. */
export function toTimePage<R extends { no: number; created_at: number }, T>(
  rows: R[],
  { limit }: PageRequest,
  toItem: (row: R) => T,
): Page<T> {
  const placeOf = ({ no, created_at: at }: R) => `${at}.${no}`;
  return toPage(rows, { limit, toItem, placeOf });
}

/** `undefined` at the start, also for a cursor that nobody was given. */
function decode(
  cursor: string | undefined,
  length: number,
): number[] | undefined {
  if (cursor === undefined) return undefined;
  const place = decodeCursor(cursor).split('.').map(Number);
  return place.length === length && place.every(Number.isSafeInteger)
    ? place
    : undefined;
}
