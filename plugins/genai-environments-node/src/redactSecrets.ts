/** Nothing as short as this is a key of its own. */
const KEY_LIKE = /[A-Za-z0-9_+/=-]{32,}/g;
const SEPARATORS = /[/_+=-]+/;
/** `handleRequest2`, `HTTP`. */
const WORD = /^(?:[a-z]{0,24}(?:[A-Z][a-z]{1,24})*|[A-Z]{1,24})\d{0,4}$/;
/** The groups of a UUID, a day, the tail of a client id. */
const SHORT_ID = /^[0-9a-f]{1,12}$/;

/** `https://user:password@host`. */
const USER_INFO = /:\/\/[^\s/:@"\\]+:[^\s/@"\\]+@/g;
const NAME =
  '(?:password|passwd|secret|token|api_?key|access_?key|control_?key|authorization)';
/** `CLIENT_SECRET=…`, also in a query. */
const ASSIGNED = new RegExp(`(\\b\\w*${NAME})=[^\\s"'\\\\&,;]+`, 'gi');
/** `"apiKey":"…"`. */
const MEMBER = new RegExp(
  `("\\w*${NAME}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`,
  'gi',
);

/**
 * The text without what looks like a key: for logs and messages that are shown to people
 * who need not know the secrets of what wrote them. Ids, paths and identifiers stay; JSON
 * stays JSON.
 */
export function redactSecrets(text: string): string {
  return text
    .replace(USER_INFO, '://[redacted]@')
    .replace(ASSIGNED, '$1=[redacted]')
    .replace(MEMBER, '$1"[redacted]"')
    .replace(KEY_LIKE, run => (isHarmless(run) ? run : '[redacted]'));
}

/** Keys are random: paths, names and ids consist of words and short pieces. */
function isHarmless(run: string): boolean {
  return run
    .split(SEPARATORS)
    .every(part => part === '' || WORD.test(part) || SHORT_ID.test(part));
}
