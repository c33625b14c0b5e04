/**
 * Pieces that stand in for tokens where no model counts them: up to eight letters or
 * digits of a word with the space before them, one character of a script written
 * without spaces, or one other sign.
 *
 * An estimate. Measured against cl100k_base and o200k_base: English prose and code
 * within 8 %, Chinese within 25 %, German up to 27 % low.
 */
const PIECE =
  /\s*(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]{1,8}|[^\s\p{L}\p{N}]|$)/gu;

/** Splits a text into its estimated tokens; joined they are the text again. */
export function splitTokens(text: string): string[] {
  const pieces = text.match(PIECE) ?? [];
  return pieces.filter(piece => piece !== '');
}

/** What the largest image that common models read takes. */
const IMAGE_TOKENS = 1600;
/** Tokenizers make tokens of three bytes or more of all but the oddest text. */
const BYTES_PER_TOKEN = 3;

/**
 * Number of tokens that texts and images hardly exceed, for holding them back before a
 * call: 30 to 50 % above what most texts take, and found without reading them.
 */
export function boundTokens(bytes: number, images = 0): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN) + images * IMAGE_TOKENS;
}

/** Number of tokens a text takes, estimated. */
export function estimateTokens(text: string): number {
  return splitTokens(text).length;
}
