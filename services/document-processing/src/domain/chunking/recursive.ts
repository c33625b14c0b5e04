import { splitFixedSize } from './fixedSize';
import { ChunkSize, Span, trimSpan } from './Span';

/** Paragraphs, then lines, then words, then characters. */
export const TEXT_SEPARATORS: readonly string[] = ['\n\n', '\n', ' ', ''];

/** Headings, code fences and rules first. */
export const MARKDOWN_SEPARATORS: readonly string[] = [
  ...[2, 3, 4, 5, 6].map(level => `\n${'#'.repeat(level)} `),
  '```\n\n',
  ...['***', '---', '___'].map(rule => `\n\n${rule}\n\n`),
  ...TEXT_SEPARATORS,
];

/**
 * Cuts before the first separator that occurs, cuts pieces that are still too long before
 * the next one, and joins neighbours up to `chunkSize` with an overlap of whole pieces.
 *
 * The boundaries are those of LangChain's `RecursiveCharacterTextSplitter`. It works on
 * offsets of the one text, which is what makes it fast: no piece is copied or joined.
 */
export function splitRecursively(
  text: string,
  size: ChunkSize,
  separators: readonly string[] = TEXT_SEPARATORS,
): Span[] {
  const spans: Span[] = [];
  splitRange({ text, size, spans }, { start: 0, end: text.length }, separators);
  return spans;
}

type Split = { text: string; size: ChunkSize; spans: Span[] };

function splitRange(
  split: Split,
  range: Span,
  separators: readonly string[],
): void {
  const { text, size, spans } = split;
  // A view, not a copy: without it each search could run to the end of the whole text.
  const part = text.slice(range.start, range.end);
  const level = separators.findIndex(separator => part.includes(separator));
  const separator = separators[level];
  if (separator === '') {
    spans.push(...splitFixedSize(text, size, range));
    return;
  }

  let run = range.start;
  let cuts: number[] = [];
  const joinRun = () => {
    if (cuts.length > 0) joinPieces(split, run, cuts);
    cuts = [];
  };
  for (let start = range.start; start < range.end; ) {
    const found = part.indexOf(separator, start - range.start + 1);
    const end = found < 0 ? range.end : range.start + found;
    if (end - start < size.chunkSize) {
      cuts.push(end);
    } else {
      joinRun();
      splitRange(split, { start, end }, separators.slice(level + 1));
      run = end;
    }
    start = end;
  }
  joinRun();
}

/** Joins neighbouring pieces, given by where each ends, as long as they fit. */
function joinPieces(split: Split, start: number, ends: number[]): void {
  const { text, size, spans } = split;
  const startOf = (piece: number) => (piece === 0 ? start : ends[piece - 1]);
  const add = (span: Span) => {
    const trimmed = trimSpan(text, span);
    if (trimmed) spans.push(trimmed);
  };

  let first = 0;
  for (let piece = 0; piece < ends.length; piece++) {
    const end = ends[piece];
    if (end - startOf(first) <= size.chunkSize) continue;
    const stop = startOf(piece);
    add({ start: startOf(first), end: stop });
    while (
      first < piece &&
      (stop - startOf(first) > size.chunkOverlap ||
        end - startOf(first) > size.chunkSize)
    ) {
      first += 1;
    }
  }
  add({ start: startOf(first), end: ends[ends.length - 1] });
}
