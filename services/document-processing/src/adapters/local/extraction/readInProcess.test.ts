import { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ProcessReader } from './testing/ProcessReader';

const activeHandles = () =>
  (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();

describe('reading a file in a process', () => {
  let reader: ProcessReader;

  beforeAll(() => {
    reader = new ProcessReader();
  });
  afterAll(() => reader.close());

  it('ends a process that takes too long or too much memory', async () => {
    const rows = `${'value,'.repeat(20)}\n`.repeat(100_000);
    await expect(
      reader.read('csv', rows, { deadlineMs: 20 }),
    ).rejects.toMatchObject({
      name: 'FileRejectedError',
      code: 'file_too_large',
      message: expect.stringContaining('longer than 0.02 s'),
    });
    const large = JSON.stringify(Array(4_000_000).fill([1]));
    await expect(
      reader.read('json', large, { heapMiB: 24 }),
    ).rejects.toMatchObject({
      code: 'file_too_large',
      message: expect.stringContaining('more memory'),
    });
  });

  it('leaves no process behind', async () => {
    const pages = reader.open('txt', 'one\ftwo');
    await pages.next();
    const isRunning = (handle: object) =>
      handle instanceof ChildProcess &&
      handle.exitCode === null &&
      handle.signalCode === null;
    expect(activeHandles().filter(isRunning)).toHaveLength(1);
    await pages.return(undefined);
    expect(activeHandles().filter(isRunning)).toEqual([]);
  });

  it('gives the parser neither files of others nor variables', async () => {
    const outside = join(tmpdir(), `${basename(reader.directory)}.secret`);
    writeFileSync(outside, 'secret');
    const probe = join(reader.directory, 'probe.mjs');
    writeFileSync(
      probe,
      `import { readFileSync, writeFileSync } from 'node:fs';
       import { spawnSync } from 'node:child_process';
       const refusal = attempt => { try { return attempt(), 'done'; } catch (error) { return error.code; } };
       process.once('message', () => process.send({ type: 'rejected', message: '', code: [
         refusal(() => readFileSync(${JSON.stringify(outside)})),
         refusal(() => writeFileSync(${JSON.stringify(outside)}, '')),
         refusal(() => spawnSync('true')),
         process.env.HOME ?? 'no HOME',
       ].join() }, () => process.disconnect()));`,
    );
    try {
      await expect(
        reader.read('txt', 'x', { entry: probe }),
      ).rejects.toMatchObject({
        code: 'ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,ERR_ACCESS_DENIED,no HOME',
      });
    } finally {
      rmSync(outside);
      rmSync(probe);
    }
  });

  it('stops when it is told to, for another reason than the file', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    stop.abort(new Error('The worker stops'));
    await expect(reader.read('txt', 'x', { signal })).rejects.toThrow(
      'The worker stops',
    );
  });
});
