import type {
  LogLine,
  LogPage,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { join } from 'node:path';
import { decodeLogCursor, encodeLogCursor, ReaderState } from './cursor';
import { LogStream, StreamLine } from './LogStream';
import { toLogLines } from './toLogLines';

export type ReadLogsOptions = {
  /** The environment's. */
  directory: string;
  uid: string;
  service?: string;
  after?: string;
  limit: number;
  now: number;
};

/** The logs of an environment, and which of their lines are of a service. */
const LOGS = {
  runtime: {
    file: 'runtime.log',
    service: undefined,
    // Its lines are structured: no need to parse those of others.
    fits: (service: string) => (text: string) =>
      text.includes(`"service":${JSON.stringify(service)}`),
  },
  app: {
    file: 'app.log',
    service: 'app',
    fits: (service: string) => () => service === 'app',
  },
};
type LogName = keyof typeof LOGS;

/** What was read of one log; `take` says how far it counts as read. */
type Reading = {
  lines: LogLine[];
  take(count: number): Promise<ReaderState>;
};

/**
 * A page of what the runtime and the app of an environment have written, by time.
 *
 * @throws InputError for a cursor that was not given out for the environment
 */
export async function readLogs(options: ReadLogsOptions): Promise<LogPage> {
  const { directory, uid, after, limit, now } = options;
  const cursor = after === undefined ? undefined : decodeLogCursor(after, uid);
  const streams: LogStream[] = [];
  const read = async (name: LogName) => {
    const stream = await LogStream.open(join(directory, LOGS[name].file), now);
    streams.push(stream);
    return readOne(stream, name, { ...options, state: cursor?.[name] });
  };
  try {
    const runtime = await read('runtime');
    const app = await read('app');
    const merged = merge(runtime.lines, app.lines);
    const items = cursor ? merged.slice(0, limit) : merged.slice(-limit);
    const appCount = cursor
      ? items.filter(({ isSecond }) => isSecond).length
      : app.lines.length;
    const runtimeCount = cursor
      ? items.length - appCount
      : runtime.lines.length;
    return {
      items: items.map(({ line }) => line),
      cursor: encodeLogCursor({
        uid,
        runtime: await runtime.take(runtimeCount),
        app: await app.take(appCount),
      }),
    };
  } finally {
    await Promise.all(streams.map(stream => stream.close()));
  }
}

async function readOne(
  stream: LogStream,
  name: LogName,
  options: ReadLogsOptions & { state?: ReaderState },
): Promise<Reading> {
  const { service, limit, state } = options;
  const belongs = service ? LOGS[name].fits(service) : () => true;
  const fits = (text: string) => text.trim() !== '' && belongs(text);
  const start = state && (await stream.find(state.position));
  const { lines: found, end } = start
    ? await stream.since(start, limit, fits)
    : { lines: await stream.newest(limit, fits), end: await stream.end() };
  const lines = toLogLines(found, {
    log: name,
    service: LOGS[name].service,
    at: state?.at,
  });
  return {
    lines,
    async take(count) {
      const place = placeAfter(found, count) ?? start ?? end;
      const isAll = count === found.length;
      return {
        at: lines[count - 1]?.at ?? state?.at,
        position: await stream.describe(isAll ? end : place),
      };
    },
  };
}

function placeAfter(lines: StreamLine[], count: number) {
  return lines[count - 1]?.next;
}

/** By time; the lines of each log stay in their order, whatever time they say. */
function merge(
  first: LogLine[],
  second: LogLine[],
): Array<{ line: LogLine; isSecond: boolean }> {
  const merged = [];
  let taken = 0;
  for (const line of first) {
    while (taken < second.length && second[taken].at < line.at) {
      merged.push({ line: second[taken++], isSecond: true });
    }
    merged.push({ line, isSecond: false });
  }
  const rest = second.slice(taken);
  return [...merged, ...rest.map(line => ({ line, isSecond: true }))];
}
