import type { FoundChunk } from '../Chunk';

/** Shorter pieces stand in too many passages to tell where they are from. */
const MIN_QUOTE = 20;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * The passages that an answer rests on, in the order of the passages: those it names as [n],
 * or, when it names none, those it quotes sentences of.
 */
export function citedPassages(
  answer: string,
  passages: FoundChunk[],
): FoundChunk[] {
  const named = new Set(
    Array.from(answer.matchAll(/\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g)).flatMap(
      match => match[1].split(',').map(Number),
    ),
  );
  const cited = passages.filter((_, index) => named.has(index + 1));
  return cited.length > 0 ? cited : quotedPassages(answer, passages);
}

function quotedPassages(answer: string, passages: FoundChunk[]): FoundChunk[] {
  const quotes = Array.from(sentences.segment(answer), part =>
    normalize(part.segment),
  ).filter(quote => quote.length >= MIN_QUOTE);
  const open = new Set(quotes);
  return passages.filter(({ text }) => {
    const normal = normalize(text);
    const held = [...open].filter(quote => normal.includes(quote));
    // Overlapping chunks hold the same sentence: the best one of them is enough.
    for (const quote of held) open.delete(quote);
    return held.length > 0;
  });
}

/** Answers differ from passages in white space, list marks and the guard of end tags. */
function normalize(text: string): string {
  return text
    .replace(/< \/(?=\w)/g, '</')
    .replace(/^\s*(?:[-*•–]|#{1,6}|\d{1,3}[.)])\s+/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
