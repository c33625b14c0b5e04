const STOP_WORDS = new Set(
  (
    'a about above after again against all also am an and any are as at be because been before being below between both but by ' +
    'can could did do does doing down during each few for from further had has have having he her here hers him his how i if in into is it its ' +
    'just me more most my no nor not now of off on once only or other our out over own please same she should so some such tell than that the their them ' +
    'then there these they this those through to too under until up us very was we were what when where which while who whom whose why will with would you your ' +
    'according text passage document paragraph article say says said give explain describe find'
  ).split(' '),
);

/**
 * Words that carry meaning, lower-cased and stemmed, in order. Scripts without spaces
 * come out as pairs of characters.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?/gu) ?? [];
  for (const word of words) {
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(word)) {
      const signs = [...word];
      if (signs.length === 1) terms.push(word);
      for (let i = 0; i + 1 < signs.length; i++)
        terms.push(signs[i] + signs[i + 1]);
    } else if (!STOP_WORDS.has(word)) {
      terms.push(stem(word));
    }
  }
  return terms;
}

/**
 * Cuts common English endings, so that `paid/pays`, `invoices/invoice` and
 * `increasing/increase` mostly meet. Cruder than Porter's, and enough to rank with.
 */
export function stem(word: string): string {
  let root = word.replace(/['’]s?$/, '');
  if (root.length <= 3 || /\d/.test(root)) return root;
  root = root
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/ies$/, 'y')
    .replace(/([^su])s$/, '$1');
  if (root.length > 5) {
    root = root
      .replace(/(?:ational|ation|ations)$/, 'at')
      .replace(/(?:ment|ness|ingly|edly)$/, '')
      .replace(/(?:ing|ed|ly|er|or)$/, '');
  }
  // `charge` and `charged`, `stopp(ed)` and `stop`.
  return root.replace(/([^aeiouls])\1$/, '$1').replace(/(?<=.{3})[ey]$/, '');
}
