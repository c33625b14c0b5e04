/** The runtime stamps what the app writes: each line begins with its time and a space. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/s;

/** A line of a log and its stamp; empty where it has none. */
export function splitStamp(line: string): { at: string; text: string } {
  const [, at = '', text = line] = STAMPED.exec(line) ?? [];
  return { at, text };
}
