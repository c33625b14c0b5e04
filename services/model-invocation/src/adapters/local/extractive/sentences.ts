/** A sentence and where it stands. */
export type Sentence = {
  text: string;
  /** Counted over the whole text. */
  position: number;
  paragraph: number;
};

/** Words after which a full stop does not end a sentence. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof sr jr st vs etc al fig figs no nos vol pp p approx dept est inc ltd co corp ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec e.g i.e u.s u.k z.b d.h bzw ca usw'
  ).split(' '),
);

const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])\s+/;
const MAX_SENTENCES = 5000;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Splits a text into sentences; list items and headings count as sentences too. */
export function splitSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  splitParagraphs(text).forEach((paragraph, index) => {
    for (const sentence of joinFalseEnds(segment(paragraph))) {
      if (sentences.length >= MAX_SENTENCES) return;
      if (!/[\p{L}\p{N}]/u.test(sentence)) continue;
      sentences.push({
        text: sentence,
        position: sentences.length,
        paragraph: index,
      });
    }
  });
  return sentences;
}

/** Blank lines, list items and short lines without a full stop end a paragraph. */
function splitParagraphs(text: string): string[] {
  const paragraphs: string[] = [];
  let current: string[] = [];
  const flush = () => {
    if (current.length > 0) paragraphs.push(current.join(' '));
    current = [];
  };
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || BULLET.test(line) || isHeading(trimmed)) flush();
    if (trimmed === '') continue;
    current.push(trimmed.replace(BULLET, '').replace(/^#+\s*/, ''));
    if (isHeading(trimmed)) flush();
  }
  flush();
  return paragraphs;
}

function isHeading(line: string): boolean {
  return /^#{1,6}\s/.test(line);
}

function segment(paragraph: string): string[] {
  return Array.from(segmenter.segment(paragraph), part =>
    part.segment.trim(),
  ).filter(Boolean);
}

/** Undoes ends after abbreviations and initials: `Dr. | Smith`, `J. | Doe`. */
function joinFalseEnds(parts: string[]): string[] {
  const joined: string[] = [];
  for (const part of parts) {
    const before = joined[joined.length - 1];
    if (before !== undefined && isFalseEnd(before, part)) {
      joined[joined.length - 1] = `${before} ${part}`;
    } else {
      joined.push(part);
    }
  }
  return joined;
}

function isFalseEnd(before: string, after: string): boolean {
  if (/^\p{Ll}/u.test(after) && before.endsWith('.')) return true;
  if (!before.endsWith('.')) return false;
  const lastWord = before
    .slice(before.lastIndexOf(' ') + 1, -1)
    .slice(-10)
    .replace(/^["'(\[]+/, '');
  return (
    /^\p{Lu}$/u.test(lastWord) || ABBREVIATIONS.has(lastWord.toLowerCase())
  );
}
