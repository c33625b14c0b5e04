import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';

/** A line as it is copied and saved: one line of text. */
export function toText(line: LogLine): string {
  const { at, level, service, message, detail } = line;
  return [at, level?.toUpperCase(), service, message, detail]
    .filter(Boolean)
    .join(' ');
}

/** Local time to the millisecond, in the order of ISO 8601: `03-02 10:00:00.000`. */
export function localTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const day = [date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(twoDigits)
    .join(':');
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** JSON with line breaks; as it is when it is none. */
export function prettyDetail(detail: string): string {
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    return detail;
  }
}
