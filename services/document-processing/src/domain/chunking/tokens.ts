import { ChunkSize, Span, trimSpan } from './Span';

/** A word with the white space before it; words without end are cut. */
const WORD = /\s{0,64}\S{1,64}|\s{1,64}/gu;

/** Words are few, their occurrences many. */
const MAX_KNOWN_WORDS = 20_000;
const known = new Map<string, number>();

/**
 * Whole words up to `chunkSize` tokens of the encoding o200k, with an overlap of at most
 * `chunkOverlap` tokens. A word that has more tokens than fit stands alone.
 */
export function splitTokens(text: string, size: ChunkSize): Span[] {
  const { chunkSize, chunkOverlap } = size;
  const words = countWords(text);
  const spans: Span[] = [];
  let first = 0;
  let total = 0;
  const add = (end: number) => {
    const span = trimSpan(text, { start: words[first].start, end });
    if (span) spans.push(span);
  };

  words.forEach(({ start, tokens }, index) => {
    if (index > first && total + tokens > chunkSize) {
      add(start);
      while (
        first < index &&
        (total > chunkOverlap || total + tokens > chunkSize)
      ) {
        total -= words[first].tokens;
        first += 1;
      }
    }
    total += tokens;
  });
  if (words.length > 0) add(text.length);
  return spans;
}

type Word = { start: number; tokens: number };

function countWords(text: string): Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(WORD)) {
    words.push({ start: match.index, tokens: tokensOf(match[0]) });
  }
  return words;
}

function tokensOf(word: string): number {
  const counted = known.get(word);
  if (counted !== undefined) return counted;
  // What a text says is text, also when it looks like one of the model's own marks.
  const tokens = loadCounter()(word, { disallowedSpecial: new Set() });
  if (known.size >= MAX_KNOWN_WORDS) known.clear();
  known.set(word, tokens);
  return tokens;
}

type Counter = typeof import('gpt-tokenizer/encoding/o200k_base').countTokens;

/** The vocabulary takes megabytes and a moment; few environments ask for tokens. */
function loadCounter(): Counter {
  // `require`: the caller cannot wait, and the bundler defers it like an import().
  // eslint-disable-next-line global-require
  return require('gpt-tokenizer/encoding/o200k_base').countTokens;
}
