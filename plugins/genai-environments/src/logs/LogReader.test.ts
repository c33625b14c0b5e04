import { MAX_LOG_LINES } from '@genai-environments/backstage-plugin-genai-environments-common';
import { fakeResponseError } from '../__testUtils__/fakeErrors';
import { FakeGenaiEnvironmentsApi } from '../__testUtils__/FakeGenaiEnvironmentsApi';
import { environmentFixture } from '../__testUtils__/fixtures';
import { LogReader, MAX_KEPT_LINES } from './LogReader';

const NAME = 'invoice-bot';

function setup(service?: 'app') {
  const api = new FakeGenaiEnvironmentsApi([environmentFixture()]);
  const readLogs = jest.spyOn(api, 'readLogs');
  const reader = new LogReader({ api, name: NAME, service });
  const messages = () =>
    reader.getSnapshot().lines?.map(({ message }) => message);
  return { api, logs: api.logs, reader, readLogs, messages };
}

function write(logs: FakeGenaiEnvironmentsApi['logs'], count: number) {
  for (let index = 0; index < count; index += 1) {
    logs.write({ message: `${logs.lines.length}` });
  }
}

describe('LogReader', () => {
  it('reads the newest lines, and then only what is new', async () => {
    const { logs, reader, readLogs, messages } = setup();
    expect(reader.getSnapshot()).toEqual({});
    logs.write({ message: 'a' }, { message: 'b' });
    await reader.read();
    expect(messages()).toEqual(['a', 'b']);

    logs.write({ message: 'c' });
    await reader.read();
    expect(messages()).toEqual(['a', 'b', 'c']);
    expect(readLogs.mock.calls.map(([, request]) => request)).toEqual([
      { limit: MAX_LOG_LINES },
      { limit: MAX_LOG_LINES, after: '0:2' },
    ]);
  });

  it('tells nobody when there is nothing new', async () => {
    const { logs, reader } = setup();
    logs.write({ message: 'a' });
    await reader.read();
    const listener = jest.fn();
    const unsubscribe = reader.subscribe(listener);
    await reader.read();
    expect(listener).not.toHaveBeenCalled();

    logs.write({ message: 'b' });
    await reader.read();
    expect(listener).toHaveBeenCalledTimes(1);
    unsubscribe();
  });

  it('reads once for those who ask at the same time', async () => {
    const { reader, readLogs } = setup();
    await Promise.all([reader.read(), reader.read()]);
    expect(readLogs).toHaveBeenCalledTimes(1);
  });

  it('asks for the lines of one service', async () => {
    const { logs, reader, messages } = setup('app');
    logs.write({ message: 'mine', service: 'app' }, { message: 'other' });
    await reader.read();
    expect(messages()).toEqual(['mine']);
  });

  it('catches up page by page, and keeps the newest lines', async () => {
    const { logs, reader, readLogs } = setup();
    write(logs, 10);
    await reader.read();
    write(logs, MAX_KEPT_LINES);
    await reader.read();
    expect(readLogs).toHaveBeenCalledTimes(1 + MAX_KEPT_LINES / MAX_LOG_LINES);
    const { lines = [] } = reader.getSnapshot();
    expect(lines).toHaveLength(MAX_KEPT_LINES);
    expect(lines[0].message).toBe('10');
    expect(lines.at(-1)).toMatchObject({ message: '5009', number: 5009 });
  });

  it('starts over from the newest lines when its cursor has expired', async () => {
    const { logs, reader, messages } = setup();
    logs.write({ message: 'old' });
    await reader.read();
    logs.lines.length = 0;
    logs.write({ message: 'new' });
    logs.expireCursors();
    await reader.read();
    expect(messages()).toEqual(['new']);
    expect(reader.getSnapshot().lines?.[0].number).toBe(1);

    logs.write({ message: 'newer' });
    await reader.read();
    expect(messages()).toEqual(['new', 'newer']);
  });

  it('does not ask twice for what is refused without a cursor', async () => {
    const { reader, readLogs } = setup();
    readLogs.mockRejectedValue(
      await fakeResponseError(400, 'No such service.'),
    );
    await reader.read();
    expect(readLogs).toHaveBeenCalledTimes(1);
    expect(reader.getSnapshot()).toEqual({ error: expect.any(Error) });
  });

  it('keeps its lines and its place when a read fails', async () => {
    const { logs, reader, readLogs, messages } = setup();
    logs.write({ message: 'a' });
    await reader.read();
    logs.write({ message: 'b' });
    readLogs.mockRejectedValueOnce(await fakeResponseError(503, 'Later.'));
    await reader.read();
    expect(messages()).toEqual(['a']);
    expect(reader.getSnapshot().error).toBeDefined();

    await reader.read();
    expect(messages()).toEqual(['a', 'b']);
    expect(reader.getSnapshot().error).toBeUndefined();
  });
});
