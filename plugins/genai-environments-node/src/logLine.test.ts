import { logLineSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import { toLogLine } from './logLine';

const known = { at: '2026-03-01T12:00:00.000Z' };

const pino = (fields: object) =>
  toLogLine(
    JSON.stringify({
      ...{ level: 30, time: '2026-03-02T08:30:00.500Z', pid: 7 },
      ...{ hostname: 'box', name: 'invoice-bot' },
      ...fields,
    }),
    known,
  );

describe('toLogLine', () => {
  it('takes from a structured line what it says', () => {
    expect(
      pino({ service: 'vectorization', jobId: 'j1', n: 2, msg: 'Indexed' }),
    ).toEqual({
      at: '2026-03-02T08:30:00.500Z',
      service: 'vectorization',
      level: 'info',
      message: 'Indexed',
      detail: '{"jobId":"j1","n":2}',
    });
  });

  it.each([
    [10, 'debug'],
    [20, 'debug'],
    [30, 'info'],
    [40, 'warn'],
    [50, 'error'],
    [60, 'error'],
    ['WARNING', 'warn'],
    ['fatal', 'error'],
    ['loud', undefined],
  ])('knows level %s', (level, expected) => {
    expect(pino({ level, msg: 'x' }).level).toBe(expected);
  });

  it('says with the message why, and keeps the stack as detail', () => {
    const err = { message: 'ENOSPC', stack: 'Error: ENOSPC\n    at x' };
    const line = pino({ level: 50, err, msg: 'Not stored' });
    expect(line.message).toBe('Not stored: ENOSPC');
    expect(JSON.parse(line.detail!)).toEqual({ err });
    expect(pino({ err, msg: 'ENOSPC' }).message).toBe('ENOSPC');
  });

  it.each<[string, string]>([
    ['Error: boom\n    at x (y.js:1:1)', 'Error: boom\n    at x (y.js:1:1)'],
    ['{"torn', '{"torn'],
    ['{"a":1}', '{"a":1}'],
    ['[1]', '[1]'],
    ['\u001b[32minfo\u001b[39m ready\r', 'info ready'],
  ])('takes %j for a message', (text, message) => {
    expect(toLogLine(text, { ...known, service: 'app' })).toEqual({
      ...known,
      service: 'app',
      message,
    });
  });

  it('keeps the known time and service where a line says none', () => {
    const line = toLogLine('{"time":"soon","msg":"x"}', {
      ...known,
      service: 'app',
    });
    expect(line).toEqual({ ...known, service: 'app', message: 'x' });
    expect(toLogLine('{"time":1772352000000,"msg":"x"}', known).at).toBe(
      '2026-03-01T08:00:00.000Z',
    );
  });

  it('contains no key, neither in the message nor in the detail', () => {
    const key = 'sk-0123456789abcdefghijklmnopqrstuvwxyz';
    const line = pino({ msg: `bad ${key}`, headers: { 'x-key': key } });
    expect(line.message).toBe('bad [redacted]');
    expect(JSON.parse(line.detail!)).toEqual({
      headers: { 'x-key': '[redacted]' },
    });
  });

  it('is bounded, and its detail stays JSON', () => {
    const line = pino({ msg: 'm '.repeat(9000), a: ['"'.repeat(20_000)] });
    expect(line.message.length).toBeLessThan(8200);
    expect(JSON.parse(line.detail!)).toHaveProperty('shortened');
  });

  it('fits what the API answers, whatever the line is', () => {
    for (const text of [
      '',
      '{}',
      'null',
      '{"msg":null}',
      '{"err":null,"msg":""}',
    ]) {
      const line = { id: '1', ...toLogLine(text, known) };
      expect(logLineSchema.parse(line)).toEqual(line);
    }
  });
});
