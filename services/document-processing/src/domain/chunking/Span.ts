/** A part of a text: UTF-16 offsets, `end` exclusive. */
export type Span = { start: number; end: number };

/** How text is cut. Sizes are characters (UTF-16 units), or tokens for `token`. */
export type ChunkSize = { chunkSize: number; chunkOverlap: number };

/** Leaves white space at both ends out; `undefined` when nothing else is in it. */
export function trimSpan(text: string, { start, end }: Span): Span | undefined {
  const part = text.slice(start, end);
  const fromStart = part.trimStart();
  if (fromStart === '') return undefined;
  return {
    start: end - fromStart.length,
    end: start + part.trimEnd().length,
  };
}

/** Moves a cut that would tear a surrogate pair to before the pair. */
export function wholeCharacter(text: string, cut: number): number {
  const unit = text.charCodeAt(cut);
  const before = text.charCodeAt(cut - 1);
  const tears =
    unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
  return tears ? cut - 1 : cut;
}
