import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  vectorIndexContract,
  vectorNear,
} from '../../../ports/testing/vectorIndexContract';
import { bundleIndexThread } from '../../../testing/bundleThread';
import { ThreadedVectorIndex } from './ThreadedVectorIndex';

describe('ThreadedVectorIndex', () => {
  let scripts: string;
  let thread: string;
  beforeAll(() => {
    scripts = mkdtempSync(join(tmpdir(), 'index-thread-'));
    thread = bundleIndexThread(scripts);
  });
  afterAll(() => rmSync(scripts, { recursive: true }));

  async function setUp() {
    const directory = mkdtempSync(join(tmpdir(), 'vector-index-'));
    const opened: ThreadedVectorIndex[] = [];
    return {
      directory,
      async open() {
        const index = new ThreadedVectorIndex({ thread, index: { directory } });
        opened.push(index);
        return index;
      },
      async tearDown() {
        for (const index of opened) await index.close();
        rmSync(directory, { recursive: true });
      },
    };
  }
  vectorIndexContract({ setUp });

  it('does what it was asked before it closes, and nothing after', async () => {
    const { open, tearDown } = await setUp();
    const index = await open();
    await index.create('one');
    const upsert = index.upsert('one', {
      document: { chunkingJobId: 'job', fileName: 'a.txt' },
      metadata: {},
      chunks: [{ chunkId: 'c', position: 0, text: 't', vector: vectorNear(0) }],
    });
    await index.close();
    await index.close();
    await expect(upsert).resolves.toBeUndefined();
    await expect(index.count('one')).rejects.toMatchObject({
      code: 'dependency_unavailable',
    });
    expect(await (await open()).count('one')).toBe(1);
    await tearDown();
  });

  it('fails calls of a thread that dies, and starts another', async () => {
    const { directory, tearDown } = await setUp();
    const script = join(directory, 'dies.cjs');
    // Dies at its first message and answers 7 to everything in its second life.
    writeFileSync(
      script,
      `const { existsSync, writeFileSync } = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       const mark = workerData.directory + '/died';
       parentPort.on('message', message => {
         if (message === 'close') return parentPort.close();
         if (existsSync(mark)) return parentPort.postMessage({ id: message.id, ok: true, value: 7 });
         writeFileSync(mark, '');
         throw new Error('dead');
       });`,
    );
    const index = new ThreadedVectorIndex({
      thread: script,
      index: { directory },
    });
    await expect(index.count('one')).rejects.toMatchObject({ retryable: true });
    expect(await index.count('one')).toBe(7);
    await index.close();
    await tearDown();
  });
});
