import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog, readLastLogLine, rotateLog } from './runtimeLog';

describe('runtime.log', () => {
  let path: string;
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'genai-log-'));
    path = join(directory, 'runtime.log');
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('is put aside when it has grown, and left alone before', async () => {
    await rotateLog(path);
    await writeFile(path, 'x'.repeat(1024));
    await rotateLog(path);
    expect(existsSync(`${path}.1`)).toBe(false);

    await writeFile(path, 'x'.repeat(5 * 1024 * 1024 + 1));
    await rotateLog(path);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.1`)).toBe(true);
  });

  it.each([
    ['nothing', '', 'next'],
    ['a whole line', 'whole\n', 'whole\nnext'],
    ['a line that was cut off', 'torn', 'torn\nnext'],
  ])(
    'is continued on a line of its own behind %s',
    async (_, before, after) => {
      await writeFile(path, before);
      const log = await openLog(path);
      await log.write('next');
      await log.close();
      expect(readFileSync(path, 'utf8')).toBe(after);
    },
  );

  it.each([
    ['', ''],
    ['first\nlast\n\n', 'last'],
    [
      '{"level":50,"msg":"No disk","err":{"message":"ENOSPC"}}\n',
      'No disk: ENOSPC',
    ],
    ['Error: boom\n    at x (y.js:1:1)\n\nNode.js v24.0.0\n', 'Error: boom'],
    [
      '2026-03-01T12:00:00.000Z TypeError: x\n2026-03-01T12:00:00.000Z     at y\n',
      'TypeError: x',
    ],
    ['key sk-0123456789abcdefghijklmnopqrstuvwxyz', 'key [redacted]'],
  ])('ends %p with %p', async (content, line) => {
    await writeFile(path, content);
    await expect(readLastLogLine(path)).resolves.toBe(line);
  });

  it('has no last words when there is no log', async () => {
    await expect(readLastLogLine(path)).resolves.toBe('');
  });

  it('tells a line that is longer than what is read in part', async () => {
    await writeFile(path, `${'word '.repeat(10_000)}\n`);
    expect((await readLastLogLine(path)).length).toBe(300);
  });
});
