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

/** Number of tokens a text takes, estimated. */
export function estimateTokens(text: string): number {
  return splitTokens(text).length;
}
