import type {
  LogLine,
  LogPage,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { toLogLine } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { LogEvent, Logs } from '../aws/Logs';
import {
  compareKeys,
  decodeCursor,
  digestOf,
  encodeCursor,
  type LogCursor,
  MAX_REMEMBERED,
} from './LogCursor';
import type { LogGroup } from './logGroups';
import { readNewest, readSince } from './readGroup';

/**
 * How late a line can come in: the log driver sends every few seconds, and CloudWatch shows
 * what it got a few seconds later.
 */
const SETTLED_AFTER_MS = 30_000;

export type ReadLogsOptions = {
  logs: Logs;
  uid: string;
  groups: LogGroup[];
  after?: string;
  limit: number;
  now: number;
};

type Found = LogEvent & { group: LogGroup };
type Page = { events: Found[]; cursor: LogCursor };

/**
 * A page of what the tasks of an environment wrote. All lines are told as soon as CloudWatch
 * shows them, and those that come in late are told later. Where more come in at once than a
 * cursor can remember, the rest waits until it is certain what came before.
 *
 * @throws InputError for a cursor that was not given out for the environment
 * @throws AwsCallError
 */
export async function readLogs(options: ReadLogsOptions): Promise<LogPage> {
  const { uid, after } = options;
  const { events, cursor } =
    after === undefined
      ? await newest(options)
      : await since(options, decodeCursor(uid, after));
  return { items: events.map(toLine), cursor: encodeCursor(uid, cursor) };
}

async function newest(options: ReadLogsOptions): Promise<Page> {
  const { logs, groups, limit, now } = options;
  const settledUntil = now - SETTLED_AFTER_MS;
  const found = await Promise.all(
    groups.map(async group => {
      // One more, to know where the page begins.
      const wanted = { limit: limit + 1, now };
      const events = await readNewest(logs, group, wanted);
      return events.map(event => ({ ...event, group }));
    }),
  );
  const all = found.flat().sort(compareKeys);
  const events = takeRemembered(all.slice(-limit), {
    ...{ settledUntil, slots: MAX_REMEMBERED },
  });
  const before = all.at(-limit - 1) ?? { at: 0, id: '' };
  const position = later(before, { at: settledUntil, id: '' });
  return {
    events,
    cursor: { position, digests: digestsAfter(position, events) },
  };
}

async function since(
  options: ReadLogsOptions,
  cursor: LogCursor,
): Promise<Page> {
  const { logs, groups, limit, now } = options;
  const known = new Set(cursor.digests);
  const isNew = (event: LogEvent) =>
    compareKeys(event, cursor.position) > 0 && !known.has(digestOf(event));
  const from = cursor.position.at;
  const found = await Promise.all(
    groups.map(async group => {
      const read = await readSince(logs, group, { from, limit, isNew });
      return {
        ...read,
        events: read.events.map(event => ({ ...event, group })),
      };
    }),
  );
  const settledUntil = Math.min(
    now - SETTLED_AFTER_MS,
    ...found.map(({ completeUntil }) => completeUntil),
  );
  const all = found.flatMap(({ events }) => events).sort(compareKeys);
  const fresh = all.filter(isNew);
  /** Lines that are no longer before everything that may come. */
  const kept = (position: LogCursor['position']) => {
    const passed = all.filter(event => compareKeys(event, position) <= 0);
    const digests = new Set(passed.map(digestOf));
    return cursor.digests.filter(digest => !digests.has(digest));
  };
  const horizon = { at: settledUntil, id: '' };
  const events = takeRemembered(fresh.slice(0, limit), {
    ...{ settledUntil, slots: MAX_REMEMBERED - kept(horizon).length },
  });
  const next = fresh[events.length];
  const isBehind = next && next.at < settledUntil;
  const position = later(cursor.position, isBehind ? events.at(-1)! : horizon);
  const digests = [...kept(position), ...digestsAfter(position, events)];
  return { events, cursor: { position, digests } };
}

/** The first events, of which no more than `slots` may still have others before them. */
function takeRemembered(
  events: Found[],
  { settledUntil, slots }: { settledUntil: number; slots: number },
): Found[] {
  const settled = events.filter(({ at }) => at < settledUntil).length;
  return events.slice(0, settled + Math.max(0, slots));
}

function digestsAfter(position: LogCursor['position'], events: Found[]) {
  return events.filter(event => compareKeys(event, position) > 0).map(digestOf);
}

function later<K extends LogCursor['position']>(
  a: K,
  b: K,
): LogCursor['position'] {
  const { at, id } = compareKeys(a, b) > 0 ? a : b;
  return { at, id };
}

/** Lines have the time by which they are in order; their own differs by milliseconds. */
function toLine({ id, at, text, group }: Found): LogLine {
  const time = new Date(at).toISOString();
  const line = toLogLine(text, { at: time, service: group.service });
  return { ...line, id, at: time };
}
