import type { Page, PageRequest } from '../../domain/Page';

/** What a query of one page needs; -1 as a limit means all. */
export function pageBounds({ limit, cursor }: PageRequest): {
  after: number;
  count: number;
} {
  return { after: decode(cursor, 1)?.[0] ?? -1, count: countOf(limit) };
}

/** The same of rows that are ordered by their time and, within it, their number. */
export function timeBounds({ limit, cursor }: PageRequest): {
  after: number[];
  count: number;
} {
  return { after: decode(cursor, 2) ?? [-1, -1], count: countOf(limit) };
}

/** Makes a page of rows that are ordered by their number. */
export function toPage<R extends { no: number }, T>(
  rows: R[],
  page: PageRequest,
  toItem: (row: R) => T,
): Page<T> {
  return makePage(rows, page, { toItem, placeOf: ({ no }) => [no] });
}

/** Makes a page of rows for {@link timeBounds}. */
export function toTimePage<R extends { no: number; created_at: number }, T>(
  rows: R[],
  page: PageRequest,
  toItem: (row: R) => T,
): Page<T> {
  const placeOf = ({ no, created_at: at }: R) => [at, no];
  return makePage(rows, page, { toItem, placeOf });
}

function makePage<R, T>(
  rows: R[],
  { limit }: PageRequest,
  { toItem, placeOf }: { toItem: (row: R) => T; placeOf: (row: R) => number[] },
): Page<T> {
  if (limit === undefined || rows.length <= limit) {
    return { items: rows.map(toItem) };
  }
  const items = rows.slice(0, limit);
  const place = placeOf(items[items.length - 1]).join('.');
  return {
    items: items.map(toItem),
    nextCursor: Buffer.from(place, 'utf8').toString('base64url'),
  };
}

/** One more than asked for tells whether there is a next page. */
function countOf(limit: number | undefined): number {
  return limit === undefined ? -1 : limit + 1;
}

/** `undefined` at the start, also for a cursor that nobody was given. */
function decode(
  cursor: string | undefined,
  length: number,
): number[] | undefined {
  if (cursor === undefined) return undefined;
  const place = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split('.')
    .map(Number);
  return place.length === length && place.every(Number.isSafeInteger)
    ? place
    : undefined;
}
