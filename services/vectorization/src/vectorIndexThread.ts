/**
 * What runs in the thread of `ThreadedVectorIndex`: bundle it to a file of its own.
 *
 * @packageDocumentation
 */
import { parentPort, workerData } from 'node:worker_threads';
import { SqliteVectorIndex } from './adapters/local/index/SqliteVectorIndex';
import {
  ThreadAnswer,
  ThreadCall,
  toThreadError,
} from './adapters/local/index/threadMessages';

const index = new SqliteVectorIndex(workerData);

async function answer({ id, method, args }: ThreadCall): Promise<ThreadAnswer> {
  try {
    const call = index[method] as (...values: unknown[]) => Promise<unknown>;
    return { id, ok: true, value: await call.apply(index, args) };
  } catch (error) {
    return { id, ok: false, error: toThreadError(error) };
  }
}

parentPort!.on('message', async (message: ThreadCall | 'close') => {
  if (message === 'close') {
    await index.close();
    parentPort!.close();
  } else {
    parentPort!.postMessage(await answer(message));
  }
});
