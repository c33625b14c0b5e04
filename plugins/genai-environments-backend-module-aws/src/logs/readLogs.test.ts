import { InputError } from '@backstage/errors';
import { logRequestSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { LogEvent, LogQuery, Logs } from '../aws/Logs';
import type { LogGroup } from './logGroups';
import { readLogs } from './readLogs';

const SECOND = 1000;
const START = Date.UTC(2026, 10, 30);
/** Of CloudWatch, which may answer less than it was asked for. */
const PAGE = 50;
const UID = 'environment-1';

/** Log groups into which lines come in late and out of order. */
class Writer {
  now = START;
  calls = 0;
  private readonly events = new Map<string, LogEvent[]>();
  private count = 0;

  /** @param ageMs how long ago the line was written */
  write(group: string, text: string, ageMs = 0): void {
    const id = `3${String(this.count++).padStart(30, '0')}`;
    const events = this.events.get(group) ?? [];
    events.push({ id, at: this.now - ageMs, text });
    this.events.set(group, events);
  }

  readonly logs = {
    readPage: async (query: LogQuery, token = '0') => {
      this.calls++;
      const found = [...(this.events.get(query.group) ?? [])]
        .filter(({ at }) => at >= query.from)
        .sort((a, b) => a.at - b.at);
      if (query.newestFirst) found.reverse();
      const start = Number(token);
      const end = start + Math.min(PAGE, query.limit);
      return {
        events: found.slice(start, end),
        next: end < found.length ? String(end) : undefined,
      };
    },
  } as unknown as Logs;
}

const GROUPS: LogGroup[] = [
  { name: 'model', service: 'model-invocation' },
  { name: 'prompt', service: 'prompt-management' },
];

describe('readLogs', () => {
  let writer: Writer;
  beforeEach(() => {
    writer = new Writer();
  });

  const read = async (after?: string, limit = 100) => {
    const { logs, now } = writer;
    const options = { logs, now, uid: UID, groups: GROUPS, after, limit };
    const { items, cursor } = await readLogs(options);
    expect(items.length).toBeLessThanOrEqual(limit);
    logRequestSchema.parse({ after: cursor });
    return { told: items.map(({ message }) => message), items, cursor };
  };

  it('says of lines what the group and they themselves say', async () => {
    writer.write('prompt', '{"level":40,"msg":"slow","tookMs":900}');
    const { items } = await read();
    expect(items).toEqual([
      {
        id: expect.stringMatching(/^3\d{30}$/),
        at: '2026-11-30T00:00:00.000Z',
        service: 'prompt-management',
        level: 'warn',
        message: 'slow',
        detail: '{"tookMs":900}',
      },
    ]);
  });

  it('tells lines that come in after later ones, once', async () => {
    writer.write('model', 'first');
    const one = await read();
    writer.now += 10 * SECOND;
    writer.write('model', 'second');
    const two = await read(one.cursor);
    expect(two.told).toEqual(['second']);
    writer.write('prompt', 'late', 5 * SECOND);
    const three = await read(two.cursor);
    expect(three.told).toEqual(['late']);
    expect((await read(three.cursor)).told).toEqual([]);
  });

  it('does not go back before the newest lines it began with', async () => {
    for (const text of ['1', '2', '3', '4', '5']) writer.write('model', text);
    const { told, cursor } = await read(undefined, 2);
    expect(told).toEqual(['4', '5']);
    expect((await read(cursor)).told).toEqual([]);
  });

  it('lets lines wait that a cursor cannot remember, and tells all', async () => {
    const { cursor: start } = await read();
    for (let line = 0; line < 400; line++) writer.write('model', `${line}`);
    const told: string[] = [];
    let cursor: string | undefined = start;
    for (let poll = 0; poll < 12; poll++) {
      const page = await read(cursor, 1000);
      told.push(...page.told);
      cursor = page.cursor;
      writer.now += 5 * SECOND;
    }
    expect(told).toEqual(Array.from({ length: 400 }, (_, n) => `${n}`));
  });

  it('tells each line once, however they come in', async () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    let { cursor } = await read();
    const told: string[] = [];
    for (let round = 0, line = 0; round < 300; round++) {
      writer.now += random(4 * SECOND);
      for (
        let count = random(round % 50 === 0 ? 200 : 12);
        count > 0;
        count--
      ) {
        const late = random(3) === 0 ? random(25 * SECOND) : 0;
        writer.write(GROUPS[random(2)].name, `${line++}`, late);
      }
      const page = await read(cursor, 1 + random(60));
      told.push(...page.told);
      ({ cursor } = page);
      if (round < 299) continue;
      for (let more = 0; more < 200; more++) {
        writer.now += SECOND;
        const rest = await read(cursor, 60);
        told.push(...rest.told);
        ({ cursor } = rest);
      }
      expect(told).toHaveLength(line);
      expect(new Set(told).size).toBe(line);
    }
  });

  it.each(['', 'made-up', '........', 'abcdefgh.1.1.'])(
    'refuses %p, which is no cursor of the environment',
    async after => {
      await expect(read(after)).rejects.toThrow(InputError);
    },
  );

  it('refuses the cursor of another environment', async () => {
    const { logs, now } = writer;
    const options = { logs, now, groups: GROUPS, limit: 1 };
    const { cursor } = await readLogs({ ...options, uid: 'environment-2' });
    await expect(read(cursor)).rejects.toThrow(InputError);
  });
});
