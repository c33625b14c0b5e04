/** Part of a list; `cursor` is what the last page answered as `nextCursor`. */
export type PageRequest = { limit?: number; cursor?: string };

/** `nextCursor` is absent on the last page. */
export type Page<T> = { items: T[]; nextCursor?: string };
