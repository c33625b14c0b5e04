import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { toLogLine } from '@genai-environments/backstage-plugin-genai-environments-node';
import { splitStamp } from '../runtime/stampedLine';
import type { StreamLine } from './LogStream';

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
function parse(line: string, service?: string): Omit<LogLine, 'id'> {
  const { at, text } = splitStamp(line);
  return toLogLine(text, { at, service });
}
