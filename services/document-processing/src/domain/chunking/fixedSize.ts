import { ChunkSize, Span, trimSpan, wholeCharacter } from './Span';

/**
 * Windows of `chunkSize` characters, each beginning `chunkOverlap` before the end of the
 * one before. The boundaries are those of LangChain's `CharacterTextSplitter` with the
 * separator `""`, but no surrogate pair is torn.
 */
export function splitFixedSize(
  text: string,
  size: ChunkSize,
  range: Span = { start: 0, end: text.length },
): Span[] {
  const { chunkSize, chunkOverlap } = size;
  const spans: Span[] = [];
  const add = (span: Span) => {
    const trimmed = trimSpan(text, span);
    if (trimmed) spans.push(trimmed);
  };

  let { start } = range;
  while (start + chunkSize < range.end) {
    const end = wholeCharacter(text, start + chunkSize);
    add({ start, end });
    const next = wholeCharacter(text, end - chunkOverlap);
    // An overlap of all but one unit, moved back to before a pair, would stand still.
    start = next > start ? next : end;
  }
  if (start < range.end) add({ start, end: range.end });
  return spans;
}
