import type { Chunk } from '../artefacts/chunks';
import type { Format } from '../Format';
import type { ChunkingSettings } from '../Job';
import { splitFixedSize } from './fixedSize';
import { splitJson, splitJsonLines } from './json';
import { MARKDOWN_SEPARATORS, splitRecursively } from './recursive';
import type { Span } from './Span';
import { splitTokens } from './tokens';

type PageText = { pageNumber: number; text: string };

/** Pages are joined and cut together up to this; longer files are cut in parts. */
const SEGMENT_CHARACTERS = 1_000_000;

/** A page that no model could take as one chunk is cut further. */
export const MAX_PAGE_CHUNK = 20_000;

/** Formats in which a page is something that a reader can turn to. */
const PAGED: readonly Format[] = ['pdf', 'docx', 'xlsx', 'tiff'];

const PAGE_BREAK = '\n\n';

/**
 * Cuts the text of a file. Chunks may run over the end of a page, except with the strategy
 * `page`; JSON and JSON lines have their own way whatever the strategy is.
 */
export async function* chunkPages(
  pages: AsyncIterable<PageText>,
  options: { format: Format; settings: ChunkingSettings },
): AsyncGenerator<Chunk> {
  const { format, settings } = options;
  if (format === 'json') {
    yield* toChunks(splitJson(JSON.parse(await joinAll(pages))));
    return;
  }
  for await (const segment of segments(pages, format, settings)) {
    if (format === 'jsonl') yield* toChunks(splitJsonLines(segment.text));
    else yield* cut(segment, PAGED.includes(format), settings);
  }
}

type Segment = { text: string; starts: Array<{ at: number; page: number }> };

async function* segments(
  pages: AsyncIterable<PageText>,
  format: Format,
  settings: ChunkingSettings,
): AsyncGenerator<Segment> {
  const alone = settings.strategy === 'page';
  const between = format === 'jsonl' ? '\n' : PAGE_BREAK;
  let segment: Segment = { text: '', starts: [] };
  for await (const { pageNumber, text } of pages) {
    const isFull =
      segment.text.length + text.length > SEGMENT_CHARACTERS || alone;
    if (segment.starts.length > 0 && isFull) {
      yield segment;
      segment = { text: '', starts: [] };
    }
    if (segment.starts.length > 0) segment.text += between;
    segment.starts.push({ at: segment.text.length, page: pageNumber });
    segment.text += text;
  }
  if (segment.starts.length > 0) yield segment;
}

function* cut(
  { text, starts }: Segment,
  isPaged: boolean,
  settings: ChunkingSettings,
): Generator<Chunk> {
  let current = 0;
  for (const { start, end } of split(text, settings)) {
    while (current + 1 < starts.length && starts[current + 1].at <= start) {
      current += 1;
    }
    const chunk = { text: text.slice(start, end) };
    yield isPaged ? { ...chunk, pageNumber: starts[current].page } : chunk;
  }
}

function split(text: string, settings: ChunkingSettings): Span[] {
  switch (settings.strategy) {
    case 'fixed_size':
      return splitFixedSize(text, settings);
    case 'recursive':
      return splitRecursively(text, settings);
    case 'markdown':
      return splitRecursively(text, settings, MARKDOWN_SEPARATORS);
    case 'token':
      return splitTokens(text, settings);
    case 'page':
      return splitPage(text);
    default:
      throw new TypeError(`Unknown strategy ${settings.strategy}`);
  }
}

function splitPage(text: string): Span[] {
  if (text.trim() === '') return [];
  if (text.length <= MAX_PAGE_CHUNK) return [{ start: 0, end: text.length }];
  return splitRecursively(text, { chunkSize: MAX_PAGE_CHUNK, chunkOverlap: 0 });
}

async function joinAll(pages: AsyncIterable<PageText>): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of pages) texts.push(text);
  return texts.join('');
}

function toChunks(texts: string[]): Chunk[] {
  return texts.map(text => ({ text }));
}
