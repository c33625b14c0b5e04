import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { toLogLine } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { StreamLine } from './LogStream';

/** The runtime stamps what the app writes. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/s;

/**
 * Lines of the API. A line that says no time has that of the line before, as the frames of
 * a stack have; without one before, that of the next; without any, that of the last write.
 */
export function toLogLines(
  lines: StreamLine[],
  known: { log: string; service?: string; at?: string },
): LogLine[] {
  const parsed = lines.map(({ text, file, offset }) => ({
    id: `${known.log}.${file.inode}.${offset}`,
    ...parse(text, known.service),
  }));
  const firstTime = parsed.find(({ at }) => at !== '')?.at;
  let last = known.at ?? firstTime;
  return parsed.map((line, index) => {
    const { writtenAt } = lines[index].file;
    last = line.at || last || new Date(writtenAt).toISOString();
    return { ...line, at: last };
  });
}

/** `at` is empty when the line says none. */
function parse(text: string, service?: string): Omit<LogLine, 'id'> {
  const [, at = '', rest = text] = STAMPED.exec(text) ?? [];
  return toLogLine(rest, { at, service });
}
