import { Worker } from 'node:worker_threads';
import type { VectorIndex } from '../../../ports/VectorIndex';
import type { SqliteVectorIndexOptions } from './SqliteVectorIndex';
import {
  fromThreadError,
  IndexMethod,
  ThreadAnswer,
  ThreadCall,
  threadEnded,
} from './threadMessages';

type Waiting = {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
};

/**
 * Runs the local index in a thread of its own, so that scans and writes do not hold up
 * requests. The thread starts with the first call, and again after it died.
 */
export class ThreadedVectorIndex implements VectorIndex {
  readonly type = 'local';
  readonly ranksByText = true;
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(
    private readonly options: {
      /** JavaScript file of `vectorIndexThread.ts`. */
      thread: string;
      index: SqliteVectorIndexOptions;
    },
  ) {}

  create: VectorIndex['create'] = (...args) => this.call('create', args);
  upsert: VectorIndex['upsert'] = (...args) => this.call('upsert', args);
  trim: VectorIndex['trim'] = (...args) => this.call('trim', args);
  removeDocuments: VectorIndex['removeDocuments'] = (...args) =>
    this.call('removeDocuments', args);
  searchByVector: VectorIndex['searchByVector'] = (...args) =>
    this.call('searchByVector', args);
  searchByText: VectorIndex['searchByText'] = (...args) =>
    this.call('searchByText', args);
  count: VectorIndex['count'] = (...args) => this.call('count', args);
  drop: VectorIndex['drop'] = (...args) => this.call('drop', args);
  health: VectorIndex['health'] = () => this.call('health', []);

  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    if (!worker) return;
    // The thread closes its files and ends by itself once it has done what it was sent.
    const ended = new Promise(resolve => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close');
    await ended;
  }

  private call<T>(method: IndexMethod, args: unknown[]): Promise<T> {
    if (this.closed) return Promise.reject(threadEnded('closed'));
    const worker = this.start();
    const id = ++this.lastId;
    if (this.waiting.size === 0) worker.ref();
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const message: ThreadCall = { id, method, args };
      worker.postMessage(message);
    });
  }

  private start(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.options.thread, {
      workerData: this.options.index,
      name: 'vector-index',
    });
    // An idle thread keeps no process alive.
    worker.unref();
    worker.on('message', (answer: ThreadAnswer) => this.settle(answer));
    worker.on('error', error => this.end(worker, error));
    worker.on('exit', code => this.end(worker, `exit code ${code}`));
    this.worker = worker;
    return worker;
  }

  private settle(answer: ThreadAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker?.unref();
    if (answer.ok) waiting?.resolve(answer.value as never);
    else waiting?.reject(fromThreadError(answer.error));
  }

  private end(worker: Worker, cause: unknown): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(threadEnded(cause));
    this.waiting.clear();
  }
}
