import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import type { Block } from '../../../domain/layout/Block';
import { toTables } from '../../../domain/layout/Block';
import { damaged } from './rejections';

const DELIMITERS = [',', ';', '\t', '|'];

/** Longest row, in characters; a quote that is never closed would be a very long one. */
const MAX_ROW_CHARACTERS = 1_000_000;

/** Rows of a CSV file as tables; the delimiter is the one that the first line has most of. */
export async function* readCsv(
  parts: AsyncIterable<string>,
): AsyncGenerator<Block> {
  const iterator = parts[Symbol.asyncIterator]();
  let first = '';
  while (!first.includes('\n')) {
    const { done, value } = await iterator.next();
    if (done) break;
    first += value;
    if (first.length > MAX_ROW_CHARACTERS) break;
  }
  const source = Readable.from(
    (async function* all() {
      yield first;
      yield* { [Symbol.asyncIterator]: () => iterator };
    })(),
  );
  const parser = source.compose(
    parse({
      delimiter: delimiterOf(first.split('\n', 1)[0]),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_CHARACTERS,
      bom: true,
    }),
  );
  try {
    yield* toTables(parser as AsyncIterable<string[]>);
  } catch (error) {
    throw damaged('csv', error);
  }
}

function delimiterOf(line: string): string {
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) =>
    count(delimiter) > count(best) ? delimiter : best,
  );
}
