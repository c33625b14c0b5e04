/** Words so common that they say little about what a text is about. */
const COMMON = new Set(
  (
    'a an and are as at be but by for from has have he her his i in is it its me my no not of on or ' +
    'our she so that the their them they this to us was we were what when where which who will with you your'
  ).split(' '),
);

const WORD_WEIGHT = 1;
const COMMON_WEIGHT = 0.15;
const GRAM_WEIGHT = 0.35;
const GRAM_SIZES = [3, 4, 5];

/**
 * Adds the features of a text to a vector: its words and the character n-grams of its
 * words, so that inflected and misspelt words still meet. Each feature is hashed to one
 * place with a sign, which keeps collisions unbiased.
 *
 * @see https://arxiv.org/abs/0902.2206 Feature Hashing for Large Scale Multitask Learning
 */
export function hashFeatures(text: string, dimensions: number): Float64Array {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) =>
    counts.set(feature, (counts.get(feature) ?? 0) + weight);

  const normal = text.normalize('NFKC').toLowerCase();
  const words = normal.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  for (const word of words) {
    const common = COMMON.has(word);
    add(`w:${word}`, common ? COMMON_WEIGHT : WORD_WEIGHT);
    if (!common) addGrams(word, add);
  }
  // Nothing but signs: emoji, code, rules.
  if (words.length === 0) {
    for (const sign of normal.replace(/\s+/g, '')) add(`s:${sign}`, 1);
  }

  const vector = new Float64Array(dimensions);
  for (const [feature, weight] of counts) {
    const hash = fnv1a(feature);
    // Repetition matters less than the first mention.
    const value = Math.sqrt(weight);
    vector[hash % dimensions] += hash & 0x80000000 ? -value : value;
  }
  return vector;
}

function addGrams(
  word: string,
  add: (feature: string, weight: number) => void,
): void {
  const framed = [...`<${word}>`];
  const total = GRAM_SIZES.reduce(
    (sum, size) => sum + Math.max(0, framed.length - size + 1),
    0,
  );
  // A long word has many n-grams; together they weigh as much as those of a short one.
  const weight = GRAM_WEIGHT / Math.sqrt(Math.max(1, total));
  for (const size of GRAM_SIZES) {
    for (let start = 0; start + size <= framed.length; start++) {
      add(`g:${framed.slice(start, start + size).join('')}`, weight);
    }
  }
}

/** 32-bit FNV-1a over UTF-16 code units, with a final mix that spreads the low bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}
