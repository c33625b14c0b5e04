/** Part of a list; `cursor` is what the last page answered as `nextCursor`. */
export type PageRequest = {
  /** Most items; all when absent. */
  limit?: number;
  cursor?: string;
};

/** `nextCursor` is absent on the last page. */
export type Page<T> = { items: T[]; nextCursor?: string };

/** Makes a cursor that callers cannot mistake for something to build themselves. */
export function encodeCursor(place: string | number): string {
  return Buffer.from(String(place), 'utf8').toString('base64url');
}

/** The place. A cursor that nobody was given decodes to some text: look before you use it. */
export function decodeCursor(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}

/**
 * How much to read for a page: one more than asked for tells whether there is a next one.
 *
 * @returns `undefined` for all
 */
export function oneMore(limit: number | undefined): number | undefined {
  return limit === undefined ? undefined : limit + 1;
}

/** Makes a page of what was read for it, which is {@link oneMore} at the most. */
export function toPage<R, T>(
  rows: readonly R[],
  options: {
    limit: number | undefined;
    /** Where the next page begins: behind this row. */
    placeOf(row: R): string | number;
    toItem(row: R): T;
  },
): Page<T> {
  const { limit, placeOf, toItem } = options;
  if (limit === undefined || rows.length <= limit) {
    return { items: rows.map(toItem) };
  }
  const kept = rows.slice(0, limit);
  return {
    items: kept.map(toItem),
    nextCursor: encodeCursor(placeOf(kept[kept.length - 1])),
  };
}
