import type { LogLine } from '@genai-environments/backstage-plugin-genai-environments-common';
import { getContrastRatio } from '@material-ui/core/styles';
import { LEVEL_COLORS } from './levelColors';
import { filterLines, NO_FILTER } from './logFilter';
import { localTime, prettyDetail, toText } from './logText';

const line = (changes: Partial<LogLine>): LogLine => ({
  id: 'x',
  at: '2026-03-02T09:00:00.000Z',
  message: 'said',
  ...changes,
});

describe('filterLines', () => {
  const lines = [
    line({ level: 'debug', message: 'Looks around' }),
    line({ message: 'no level' }),
    line({ level: 'warn', message: 'Slow', detail: '{"model":"Nova"}' }),
    line({ level: 'error', message: 'Broke' }),
  ];
  const shown = (filter: Partial<typeof NO_FILTER>) =>
    filterLines(lines, { ...NO_FILTER, ...filter }).map(l => l.message);

  it('shows everything without a filter', () => {
    expect(filterLines(lines, NO_FILTER)).toBe(lines);
  });

  it('shows a level and those above, and takes none for info', () => {
    expect(shown({ level: 'info' })).toEqual(['no level', 'Slow', 'Broke']);
    expect(shown({ level: 'warn' })).toEqual(['Slow', 'Broke']);
    expect(shown({ level: 'error' })).toEqual(['Broke']);
  });

  it('finds a text in message and detail, in any case', () => {
    expect(shown({ text: ' BRO ' })).toEqual(['Broke']);
    expect(shown({ text: 'nova' })).toEqual(['Slow']);
    expect(shown({ text: 'nova', level: 'error' })).toEqual([]);
  });
});

describe('text of a line', () => {
  it('says all that the line says', () => {
    const full = line({ level: 'warn', service: 'app', detail: '{"a":1}' });
    expect(toText(full)).toBe('2026-03-02T09:00:00.000Z WARN app said {"a":1}');
    expect(toText(line({}))).toBe('2026-03-02T09:00:00.000Z said');
  });

  it('has local time', () => {
    const at = new Date(2026, 2, 2, 9, 5, 7, 42).toISOString();
    expect(localTime(at)).toBe('03-02 09:05:07.042');
    expect(localTime('not a time')).toBe('not a time');
  });

  it('has detail with line breaks when it is JSON', () => {
    expect(prettyDetail('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyDetail('{torn')).toBe('{torn');
  });
});

describe('LEVEL_COLORS', () => {
  it.each([
    ['light', ['#ffffff', '#f8f8f8']],
    ['dark', ['#333333', '#424242']],
  ] as const)('can be read on the %s theme', (type, backgrounds) => {
    for (const background of backgrounds) {
      for (const color of Object.values(LEVEL_COLORS[type])) {
        expect(getContrastRatio(color, background)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
