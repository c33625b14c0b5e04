import type { DatabaseSync } from 'node:sqlite';
import { queueMigrations, SqliteQueue } from '../../adapters/local/SqliteQueue';
import { createLogger } from '../../logging/createLogger';
import { openDatabase } from '../../sqlite/openDatabase';
import { QueueWorker, type QueueWorkerOptions } from '../QueueWorker';

export type Body = { id: number };

/** Workers on a queue of their own, and what they leave behind. */
export class TestWorkers {
  readonly database: DatabaseSync = openDatabase({
    path: ':memory:',
    migrations: queueMigrations,
  });
  readonly queue = new SqliteQueue<Body>({
    database: this.database,
    name: 'work',
  });
  /** What was given up, with the reason. */
  readonly poisoned: Array<[Body, string]> = [];
  readonly log: string[] = [];
  private readonly started: Array<QueueWorker<Body>> = [];

  /** Starts a worker that repeats at once what fails. */
  start(
    handle: QueueWorkerOptions<Body>['handle'],
    more: Partial<QueueWorkerOptions<Body>> = {},
  ): QueueWorker<Body> {
    const worker = new QueueWorker<Body>({
      name: 'test',
      queue: this.queue,
      handle,
      retryDelaySeconds: () => 0,
      onPoison: async (body, reason) => {
        this.poisoned.push([body, reason]);
      },
      logger: createLogger({
        destination: { write: line => this.log.push(line) },
      }),
      newId: () => 'log-1',
      ...more,
    });
    this.started.push(worker);
    worker.start();
    return worker;
  }

  /** Resolves when the queue holds nothing that is alive. */
  async untilEmpty(): Promise<void> {
    for (;;) {
      const { ready, inFlight } = await this.queue.counts();
      if (ready + inFlight === 0) return;
      await new Promise(resolve => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map(worker => worker.close({ drainMs: 0 })));
    this.database.close();
  }
}
