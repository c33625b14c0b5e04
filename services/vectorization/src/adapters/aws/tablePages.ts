import type {
  DynamoTableClient,
  TableItem,
} from '@genai-environments/service-kit/aws';
import type { TimeRange } from '../../domain/JobSums';
import type { PageRequest } from '../../domain/Page';
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
    // One more than asked for tells whether there is a next page.
    limit: limit === undefined ? undefined : limit + 1,
  });
  if (limit === undefined || items.length <= limit) return { entries: items };
  const entries = items.slice(0, limit);
  const last = entries[limit - 1].sk.slice(prefix.length);
  return { entries, nextCursor: Buffer.from(last).toString('base64url') };
}

/** `undefined` at the start, also for a cursor that nobody was given. */
function decode(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return /^\d{15}#/.test(text) ? text : undefined;
}
