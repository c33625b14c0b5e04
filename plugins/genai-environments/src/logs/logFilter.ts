import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';

type Level = NonNullable<LogLine['level']>;

const SEVERITY: Record<Level, number> = {
  debug: 0,
  info: 1,
  warn: 2,
  error: 3,
};

/** What of the lines is shown. */
export type LogFilter = {
  /** The least severe level; lines that say none count as `info`. */
  level: Level;
  /** Part of the message or the detail, in any case; empty for all. */
  text: string;
};

/** Shows everything. */
export const NO_FILTER: LogFilter = { level: 'debug', text: '' };

/** The lines that a filter lets through; the same array when it lets all. */
export function filterLines<T extends LogLine>(
  lines: T[],
  filter: LogFilter,
): T[] {
  const text = filter.text.trim().toLowerCase();
  const least = SEVERITY[filter.level];
  if (!text && least === 0) return lines;
  return lines.filter(
    ({ level = 'info', message, detail = '' }) =>
      SEVERITY[level] >= least &&
      (!text ||
        message.toLowerCase().includes(text) ||
        detail.toLowerCase().includes(text)),
  );
}
