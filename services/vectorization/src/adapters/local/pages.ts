import type { Page, PageRequest } from '../../domain/Page';

/** What a query of one page needs; -1 as a limit means all. */
export function pageBounds({ limit, cursor }: PageRequest): {
  after: number;
  count: number;
} {
  const after =
    cursor === undefined
      ? -1
      : Number(Buffer.from(cursor, 'base64url').toString('utf8'));
  return {
    // A cursor that nobody was given starts the list.
    after: Number.isSafeInteger(after) ? after : -1,
    // One more than asked for tells whether there is a next page.
    count: limit === undefined ? -1 : limit + 1,
  };
}

/** Makes a page of rows that are ordered by their number. */
export function toPage<R extends { no: number }, T>(
  rows: R[],
  { limit }: PageRequest,
  toItem: (row: R) => T,
): Page<T> {
  if (limit === undefined || rows.length <= limit) {
    return { items: rows.map(toItem) };
  }
  const items = rows.slice(0, limit);
  const last = String(items[items.length - 1].no);
  return {
    items: items.map(toItem),
    nextCursor: Buffer.from(last, 'utf8').toString('base64url'),
  };
}
