import { mkdtempSync } from 'node:fs';
import { appendFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogs } from './readLogs';

const UID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const START = Date.parse('2026-03-01T12:00:00.000Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();

/** A line as the runtime writes it. */
const line = (second: number, more: object = {}) =>
  `${JSON.stringify({
    ...{ level: 30, time: at(second), pid: 1, name: 'bot' },
    ...more,
    msg: `runtime ${second}`,
  })}\n`;

const appLine = (second: number, text = `app ${second}`) =>
  `${at(second)} ${text}\n`;

describe('readLogs', () => {
  let directory: string;
  let runtimeLog: string;
  let appLog: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'genai-logs-'));
    runtimeLog = join(directory, 'runtime.log');
    appLog = join(directory, 'app.log');
  });

  afterEach(() => rm(directory, { recursive: true }));

  const read = async (
    request: { after?: string; limit?: number; service?: string } = {},
  ) => {
    const page = await readLogs({
      ...{ directory, uid: UID, limit: 1000, now: Date.now() },
      ...request,
    });
    return { ...page, messages: page.items.map(({ message }) => message) };
  };

  /** Follows from a cursor until there is nothing more. */
  const follow = async (after: string, limit = 1000) => {
    const messages: string[] = [];
    let cursor = after;
    for (;;) {
      const page = await read({ after: cursor, limit });
      if (page.items.length === 0 && page.cursor === cursor) break;
      messages.push(...page.messages);
      cursor = page.cursor;
    }
    return { messages, cursor };
  };

  it('merges what the runtime and the app wrote, by time', async () => {
    await writeFile(runtimeLog, line(1, { service: 'x' }) + line(4));
    await writeFile(appLog, appLine(2) + appLine(3) + appLine(5));
    const { items } = await read();
    expect(
      items.map(({ message, at: time, service }) => [message, time, service]),
    ).toEqual([
      ['runtime 1', at(1), 'x'],
      ['app 2', at(2), 'app'],
      ['app 3', at(3), 'app'],
      ['runtime 4', at(4), undefined],
      ['app 5', at(5), 'app'],
    ]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(5);
  });

  it('has the newest lines, from both files of a log', async () => {
    await writeFile(`${runtimeLog}.1`, line(1) + line(2) + line(3));
    await writeFile(runtimeLog, line(4));
    expect((await read({ limit: 3 })).messages).toEqual([
      'runtime 2',
      'runtime 3',
      'runtime 4',
    ]);
  });

  it('has nothing of an environment that wrote nothing, and all that it writes then', async () => {
    const empty = await read();
    expect(empty.items).toEqual([]);
    await writeFile(runtimeLog, line(1));
    await writeFile(appLog, appLine(2));
    expect((await follow(empty.cursor)).messages).toEqual([
      'runtime 1',
      'app 2',
    ]);
  });

  it.each([1, 2, 3, 7, 1000])(
    'tells each line once in pages of %p, whatever is put aside meanwhile',
    async limit => {
      const expected: string[] = [];
      let { cursor } = await read();
      const told: string[] = [];
      for (let second = 1; second <= 40; second++) {
        if (second % 3 === 0) {
          await appendFile(appLog, appLine(second, `ü app ${second}`));
          expected.push(`ü app ${second}`);
        } else {
          await appendFile(runtimeLog, line(second));
          expected.push(`runtime ${second}`);
        }
        // Between two puttings aside all is read, or lines are not kept any more.
        if (second % 5 === 0) {
          const page = await follow(cursor, limit);
          told.push(...page.messages);
          cursor = page.cursor;
        }
        if (second % 10 === 4) await rename(runtimeLog, `${runtimeLog}.1`);
        if (second % 10 === 7) await rename(appLog, `${appLog}.1`);
      }
      expect(told).toEqual(expected);
    },
  );

  it('goes on with what is kept when the file of the cursor is gone', async () => {
    await writeFile(runtimeLog, line(1));
    const { cursor } = await read();
    await writeFile(`${runtimeLog}.1`, line(2) + line(3));
    await rm(runtimeLog);
    await writeFile(runtimeLog, line(4));
    expect((await follow(cursor)).messages).toEqual([
      'runtime 2',
      'runtime 3',
      'runtime 4',
    ]);
  });

  it('lets a torn line wait for its end, but not for ever', async () => {
    const torn = line(2).slice(0, 20);
    await writeFile(runtimeLog, line(1) + torn);
    const first = await read();
    expect(first.messages).toEqual(['runtime 1']);
    await appendFile(runtimeLog, `${line(2).slice(20)}last words`);
    const second = await read({ after: first.cursor });
    expect(second.messages).toEqual(['runtime 2']);
    await utimes(runtimeLog, new Date(START), new Date(START));
    const third = await read({ after: second.cursor });
    expect(third.messages).toEqual(['last words']);
    await appendFile(runtimeLog, '!');
    expect((await read({ after: third.cursor })).items).toEqual([]);
    await appendFile(runtimeLog, '\n');
    expect((await read({ after: third.cursor })).messages).toEqual(['!']);
  });

  it('gives a line without time that of the line before', async () => {
    await writeFile(
      runtimeLog,
      `before\n${line(1)}Error: boom\n    at x (y.js:1:1)\n\n${line(3)}`,
    );
    const { items, cursor } = await read();
    expect(items.map(({ message, at: time }) => [message, time])).toEqual([
      ['before', at(1)],
      ['runtime 1', at(1)],
      ['Error: boom', at(1)],
      ['    at x (y.js:1:1)', at(1)],
      ['runtime 3', at(3)],
    ]);
    await appendFile(runtimeLog, 'Error: again\n');
    const [again] = (await read({ after: cursor })).items;
    expect(again).toMatchObject({ message: 'Error: again', at: at(3) });
  });

  it('filters by service, without losing what comes later', async () => {
    await writeFile(
      runtimeLog,
      line(1, { service: 'app' }) + line(2, { service: 'other' }) + line(3),
    );
    await writeFile(appLog, appLine(4));
    const app = await read({ service: 'app' });
    expect(app.messages).toEqual(['runtime 1', 'app 4']);
    expect((await read({ service: 'other', limit: 1 })).messages).toEqual([
      'runtime 2',
    ]);
    await appendFile(
      runtimeLog,
      line(5) + line(6, { service: 'other' }) + line(7, { service: 'app' }),
    );
    const more = await read({ service: 'app', after: app.cursor });
    expect(more.messages).toEqual(['runtime 7']);
    const none = await read({ service: 'app', after: more.cursor });
    expect(none).toMatchObject({ items: [], cursor: more.cursor });
  });

  it('reads lines that are longer than a block, and many of them', async () => {
    const long = `é${'word '.repeat(40_000)}`;
    await writeFile(appLog, appLine(1) + appLine(2, long) + appLine(3));
    const { items } = await read();
    expect(items.map(({ message }) => message.slice(0, 6))).toEqual([
      'app 1',
      'éword ',
      'app 3',
    ]);
    const many = Array.from({ length: 20_000 }, (_, second) => line(second));
    await writeFile(runtimeLog, many.join(''));
    await rm(appLog);
    expect((await read({ limit: 2 })).messages).toEqual([
      'runtime 19998',
      'runtime 19999',
    ]);
  });

  it('contains no key', async () => {
    const key = 'sk-0123456789abcdefghijklmnopqrstuvwxyz';
    await writeFile(appLog, appLine(1, `key ${key}`));
    await writeFile(runtimeLog, line(2, { headers: { key } }));
    expect(JSON.stringify(await read())).not.toContain('0123456789abc');
  });

  it.each([
    ['text', 'made-up'],
    ['JSON', Buffer.from('{}').toString('base64url')],
  ])('refuses %s that is no cursor', async (_, after) => {
    await expect(read({ after })).rejects.toMatchObject({ name: 'InputError' });
  });

  it('refuses the cursor of another environment', async () => {
    const { cursor } = await read();
    await expect(
      readLogs({
        ...{ directory, uid: 'other', limit: 1, now: 0, after: cursor },
      }),
    ).rejects.toMatchObject({ name: 'InputError' });
  });
});
