/** Of a long question the first words are enough. */
const MAX_TERMS = 32;

/** In almost every English chunk: looking at them costs much and ranks nothing. */
const COMMON = new Set(
  (
    'a an and are as at be but by can do does for from had has have how i if in into is it its me my ' +
    'no not of on or our so that the their them then there these they this to was we were what when ' +
    'where which who why will with would you your'
  ).split(' '),
);

/**
 * The words of a text, folded as the tokenizer of the index folds them: `unicode61` takes marks
 * off Latin letters only.
 */
export function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})[\u0300-\u036f]+/gu, '$1')
    .normalize('NFC')
    .toLowerCase();
  return folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [];
}

/** The distinct words of a query, without those that tell nothing when there are others. */
export function termsOf(text: string): string[] {
  const distinct = [...new Set(wordsOf(text))];
  const telling = distinct.filter(word => !COMMON.has(word));
  return (telling.length > 0 ? telling : distinct).slice(0, MAX_TERMS);
}

/**
 * The rarest terms, as many as match no more than `maxRows` chunks together, and one at least:
 * ranking costs time for every chunk that matches, and words that stand in many chunks
 * hardly change the order.
 */
export function pickRarest(
  terms: Array<{ term: string; chunks: number }>,
  maxRows: number,
): string[] {
  const picked: string[] = [];
  let rows = 0;
  for (const { term, chunks } of [...terms].sort(
    (a, b) => a.chunks - b.chunks,
  )) {
    rows += chunks;
    if (rows > maxRows && picked.length > 0) break;
    picked.push(term);
  }
  return picked;
}

/**
 * Any of the terms.
 *
 * @see https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function toMatchExpression(terms: string[]): string {
  return terms.map(term => `"${term}"`).join(' OR ');
}
