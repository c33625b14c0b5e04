import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, removeDirectories } from '../testing/directories';
import { BoundedLog } from './BoundedLog';

describe('BoundedLog', () => {
  let path: string;
  const AT = '2026-03-01T12:00:00.000Z';
  const now = () => Date.parse(AT);

  beforeEach(async () => {
    path = join(await makeDirectory(), 'app.log');
  });

  afterEach(() => removeDirectories());

  async function write(log: BoundedLog, chunks: string[]): Promise<void> {
    for (const chunk of chunks) log.write(chunk);
    log.end();
    await once(log, 'close');
  }

  it('keeps whole lines with their time, and what follows the last one', async () => {
    await write(new BoundedLog({ path, now }), [
      'one\ntw',
      'o\n\n',
      'thr',
      'ee',
    ]);
    expect(await readFile(path, 'utf8')).toBe(
      `${AT} one\n${AT} two\n${AT} three\n`,
    );
  });

  it('goes on where an earlier run ended', async () => {
    await write(new BoundedLog({ path, now }), ['before']);
    await write(new BoundedLog({ path, now }), ['after\n']);
    expect(await readFile(path, 'utf8')).toBe(`${AT} before\n${AT} after\n`);
  });

  it('never takes more than twice its size', async () => {
    const line = `${'x'.repeat(99)}\n`;
    await write(
      new BoundedLog({ path, maxBytes: 1000 }),
      Array.from({ length: 50 }, () => line),
    );
    expect((await stat(path)).size).toBeLessThanOrEqual(1000);
    expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(1000);
    expect((await stat(`${path}.1`)).mode & 0o777).toBe(0o600);
  });

  it('blacks out a secret that arrives in two pieces', async () => {
    const log = new BoundedLog({ path, now });
    log.redact('a-secret-of-the-app');
    await write(log, ['key=a-secret-', 'of-the-app;\n']);
    expect(await readFile(path, 'utf8')).toBe(`${AT} key=[redacted];\n`);
  });

  it('does not collect a line without end', async () => {
    const log = new BoundedLog({ path });
    log.write('x'.repeat(200_000));
    log.write('y');
    await new Promise(resolve => log.write('', resolve));
    expect((await stat(path)).size).toBeGreaterThanOrEqual(200_000);
    log.end();
    await once(log, 'close');
  });
});
