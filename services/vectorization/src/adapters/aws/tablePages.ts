import {
  decodeCursor,
  oneMore,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';
import type {
  DynamoTableClient,
  TableItem,
} from '@genai-environments/service-kit/aws';
import type { TimeRange } from '../../domain/JobSums';
import { padTime } from './recordKeys';

/** Sorts above all times. */
const END = '~';
/** The least that can follow a key. */
const NEXT = '\u0001';

/**
 * Reads a page of items that are ordered by `madeAt`.
 *
 * @param options.prefix - of their sort keys
 */
export async function readPage(
  table: DynamoTableClient,
  options: { pk: string; prefix?: string } & PageRequest & Partial<TimeRange>,
): Promise<{ entries: TableItem[]; nextCursor?: string }> {
  const { pk, prefix = '', limit, cursor, from = 0, to } = options;
  const after = decode(cursor);
  const start = after === undefined ? padTime(from) : `${after}${NEXT}`;
  const end = to === undefined ? END : padTime(to);
  const items = await table.queryAll({
    pk,
    sk: { from: `${prefix}${start}`, to: `${prefix}${end}` },
    limit: oneMore(limit),
  });
  const { items: entries, ...more } = toPage(items, {
    limit,
    placeOf: ({ sk }) => sk.slice(prefix.length),
    toItem: item => item,
  });
  return { entries, ...more };
}

/** `undefined` at the start, also for a cursor that nobody was given. */
function decode(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = decodeCursor(cursor);
  return /^\d{15}#/.test(text) ? text : undefined;
}
