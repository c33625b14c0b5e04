import type { Readable } from 'node:stream';

/**
 * Writes `<head>[ … ]<tail>` with one item a line: one JSON document to whoever downloads
 * it, and a stream of small ones to us, so that no size of file has to fit into memory.
 */
export async function* writeLineDocument(
  items: AsyncIterable<object>,
  { head = '', tail = '' }: { head?: string; tail?: string } = {},
): AsyncGenerator<string> {
  yield `${head}[`;
  let separator = '\n';
  for await (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ',\n';
  }
  yield `\n]${tail}\n`;
}

/** Reads the items of what {@link writeLineDocument} wrote, one at a time. */
export async function* readLineDocument<T>(body: Readable): AsyncGenerator<T> {
  let isHead = true;
  for await (const line of linesOf(body)) {
    if (isHead) isHead = false;
    else if (line.startsWith(']')) return;
    else if (line !== '') {
      yield JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as T;
    }
  }
}

/**
 * Lines of a UTF-8 stream. Unlike `node:readline` it takes only a line feed for an end:
 * JSON may hold U+2028 as it is.
 */
export async function* linesOf(body: Readable): AsyncGenerator<string> {
  body.setEncoding('utf8');
  let pending: string[] = [];
  for await (const part of body as AsyncIterable<string>) {
    let start = 0;
    for (
      let end = part.indexOf('\n');
      end >= 0;
      end = part.indexOf('\n', start)
    ) {
      pending.push(part.slice(start, end));
      yield pending.join('');
      pending = [];
      start = end + 1;
    }
    if (start < part.length) pending.push(part.slice(start));
  }
  if (pending.length > 0) yield pending.join('');
}
