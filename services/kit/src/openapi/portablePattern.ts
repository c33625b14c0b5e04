/** Unicode classes that schemas of services use, as ranges. */
const CLASSES: Record<string, string> = {
  Cc: '\\u0000-\\u001F\\u007F-\\u009F',
};

/**
 * A pattern without Unicode property escapes: generators of clients and tests in other
 * languages mostly do not know them. Properties without ranges above stay as they are.
 */
export function toPortablePattern(pattern: string): string {
  return pattern.replace(
    /\[\^\\p\{(\w+)\}\]|\\P\{(\w+)\}/g,
    (found, excluded?: string, negated?: string) => {
      const ranges = CLASSES[(excluded ?? negated)!];
      return ranges ? `[^${ranges}]` : found;
    },
  );
}
