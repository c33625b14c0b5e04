const BULLET = /^[•‣▪◦●○■–*-]\s+/;
const NUMBER = /^\(?(\d{1,3}|[a-z])[.)]\s+/;

/** Takes the mark off a line that is an item of a list; `undefined` when it is none. */
export function readListMark(
  line: string,
): { ordered: boolean; text: string } | undefined {
  const isBullet = BULLET.test(line);
  if (!isBullet && !NUMBER.test(line)) return undefined;
  return {
    ordered: !isBullet,
    text: line.replace(isBullet ? BULLET : NUMBER, ''),
  };
}

/** A line and the next one of the same paragraph. */
export function joinLines(before: string, after: string): string {
  // A soft hyphen says itself that it is none of the word.
  return before.endsWith('\u00ad')
    ? before.slice(0, -1) + after
    : `${before}\n${after}`;
}
