import type { LogEvent, Logs } from '../aws/Logs';
import { MAX_REMEMBERED } from './LogCursor';
import type { LogGroup } from './logGroups';

/** Calls for one page of lines at most: many are answered empty. */
const MAX_PAGES = 20;
const DAY_MS = 24 * 3_600_000;
/** No group keeps lines for longer. */
const LONGEST_KEPT_MS = 366 * DAY_MS;
/** From then on CloudWatch reads backwards. */
const READS_BACKWARDS_FROM = Date.UTC(2024, 0, 1);

/** The newest lines of a group, in no certain order. */
export async function readNewest(
  logs: Logs,
  group: LogGroup,
  { limit, now }: { limit: number; now: number },
): Promise<LogEvent[]> {
  const query = {
    ...{ group: group.name, pattern: group.pattern },
    from: Math.max(now - LONGEST_KEPT_MS, READS_BACKWARDS_FROM),
    ...{ newestFirst: true, limit },
  };
  const found: LogEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { events, next } = await logs.readPage(query, token);
    found.push(...events);
    if (found.length >= limit || !next) break;
    token = next;
  }
  return found.slice(0, limit);
}

/**
 * The first lines of a group that `isNew`, those before them that are not, and all of the
 * millisecond of the last of them. Of what comes at `completeUntil` and after that, some may
 * be missing.
 */
export async function readSince(
  logs: Logs,
  group: LogGroup,
  options: { from: number; limit: number; isNew: (event: LogEvent) => boolean },
): Promise<{ events: LogEvent[]; completeUntil: number }> {
  const { from, limit, isNew } = options;
  const query = {
    ...{ group: group.name, pattern: group.pattern },
    ...{ from, newestFirst: false },
    // What the reader has already comes once more, before what is new.
    limit: limit + MAX_REMEMBERED,
  };
  const found: LogEvent[] = [];
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { events, next } = await logs.readPage(query, token);
    found.push(...events);
    if (!next) return { events: found, completeUntil: Infinity };
    const last = found.filter(isNew)[limit - 1];
    if (last && found.at(-1)!.at > last.at) break;
    token = next;
  }
  return { events: found, completeUntil: found.at(-1)?.at ?? from };
}
