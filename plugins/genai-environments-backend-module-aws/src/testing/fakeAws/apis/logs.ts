import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { Operation } from '../cloudformation/api';

export type FakeLogEvent = { id: string; at: number; text: string };

const PAGE = 100;
const READS_BACKWARDS_FROM = Date.UTC(2024, 0, 1);
let written = 0;

/** A task writes a line; `at` may be before that of lines that came in earlier. */
export function writeLog(
  region: Region,
  group: string,
  line: { at: number; text: string },
): FakeLogEvent {
  // As long as those of CloudWatch, and counted up.
  const id = `3${String(++written).padStart(55, '0')}`;
  const event = { id, ...line };
  region.logs.set(group, [...(region.logs.get(group) ?? []), event]);
  return event;
}

/** The operation of CloudWatch Logs that the provisioner calls. Test code. */
export const logs: Record<string, Operation> = {
  FilterLogEvents(region, input) {
    const { logGroupName, startTime = 0, limit = 10_000 } = input;
    if (!region.find('AWS::Logs::LogGroup', logGroupName)) {
      throw new AwsError(
        'ResourceNotFoundException',
        'The specified log group does not exist.',
      );
    }
    const isBackwards = input.startFromHead === false;
    if (isBackwards && startTime < READS_BACKWARDS_FROM) {
      throw new AwsError('InvalidParameterException', 'startTime is too early');
    }
    const found = (region.logs.get(logGroupName) ?? [])
      .filter(({ at }) => at >= startTime)
      .filter(({ text }) => matches(text, input.filterPattern))
      .sort((a, b) => a.at - b.at);
    if (isBackwards) found.reverse();
    // The first page is empty, which AWS says is no end.
    if (!input.nextToken) return { events: [], nextToken: '0' };
    const start = Number(input.nextToken);
    const end = start + Math.min(limit, PAGE);
    return {
      events: found.slice(start, end).map(({ id, at, text }) => ({
        ...{ eventId: id, timestamp: at, message: text, ingestionTime: at },
        logStreamName: 'task/runtime/1',
      })),
      nextToken: end < found.length ? String(end) : undefined,
    };
  },
};

/** Understands `{ $.field = "value" }`. */
function matches(text: string, pattern?: string): boolean {
  if (!pattern) return true;
  const [, field, value] = /^\{ \$\.(\w+) = "([^"]*)" \}$/.exec(pattern) ?? [];
  if (!field) throw new AwsError('InvalidParameterException', 'Bad pattern');
  try {
    return JSON.parse(text)[field] === value;
  } catch {
    return false;
  }
}
