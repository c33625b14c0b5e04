import { EventEmitter, once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';

import {
  createLogger,
  DependencyError,
  InvalidInputError,
  LimitExceededError,
  openDatabase,
  queueMigrations,
  QueueWorker,
  QueueWorkerOptions,
  SqliteQueue,
} from '..';
import { deferred } from '../testing';

type Body = { id: number };

describe('QueueWorker', () => {
  let database: DatabaseSync;
  let queue: SqliteQueue<Body>;
  let workers: Array<QueueWorker<Body>>;
  let events: EventEmitter;
  let poisoned: Array<[Body, string]>;
  let log: string[];

  beforeEach(() => {
    database = openDatabase({ path: ':memory:', migrations: queueMigrations });
    queue = new SqliteQueue({ database, name: 'work' });
    workers = [];
    events = new EventEmitter();
    poisoned = [];
    log = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map(worker => worker.close({ drainMs: 0 })));
    database.close();
  });

  function start(
    handle: QueueWorkerOptions<Body>['handle'],
    more: Partial<QueueWorkerOptions<Body>> = {},
  ): QueueWorker<Body> {
    const worker = new QueueWorker<Body>({
      name: 'test',
      queue,
      handle,
      retryDelaySeconds: () => 0,
      onPoison: async (body, reason) => {
        poisoned.push([body, reason]);
      },
      logger: createLogger({ destination: { write: line => log.push(line) } }),
      newId: () => 'log-1',
      ...more,
    });
    workers.push(worker);
    worker.start();
    return worker;
  }
  /** Resolves when the queue holds nothing that is alive. */
  async function untilEmpty(): Promise<void> {
    for (;;) {
      const { ready, inFlight } = await queue.counts();
      if (ready + inFlight === 0) return;
      await new Promise(resolve => setImmediate(resolve));
    }
  }

  it('works on every message and deletes it', async () => {
    const seen: number[] = [];
    start(async ({ id }) => void seen.push(id));
    await queue.send(Array.from({ length: 50 }, (_, id) => ({ id })));
    await untilEmpty();
    expect(seen.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, id) => id),
    );
  });

  it('works on as many at once as it may, and refills each place', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    start(
      async () => {
        most = Math.max(most, ++running);
        await new Promise(resolve => setImmediate(resolve));
        running--;
        done++;
      },
      { concurrency: 3 },
    );
    await queue.send(Array.from({ length: 20 }, (_, id) => ({ id })));
    await untilEmpty();
    expect([most, done]).toEqual([3, 20]);
  });

  it('does not let one slow message hold others up', async () => {
    const slow = deferred();
    const seen: number[] = [];
    start(
      async ({ id }) => {
        if (id === 0) await slow.promise;
        seen.push(id);
        if (seen.length === 9) events.emit('others');
      },
      { concurrency: 2 },
    );
    await Promise.all([
      once(events, 'others'),
      queue.send(Array.from({ length: 10 }, (_, id) => ({ id }))),
    ]);
    expect(seen).not.toContain(0);
    slow.resolve();
    await untilEmpty();
  });

  it('tries again what failed', async () => {
    const deliveries: number[] = [];
    start(async (_body, context) => {
      deliveries.push(context.deliveries);
      if (context.deliveries < 3) throw new Error('Not yet');
    });
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    expect(deliveries).toEqual([1, 2, 3]);
    expect(poisoned).toEqual([]);
  });

  it('buries what keeps failing, and tells a caller nothing of the inside', async () => {
    start(
      async () => {
        throw new Error('password is hunter2');
      },
      { maxDeliveries: 3 },
    );
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    const reason =
      'Processing failed on our side. If it persists, report log id log-1.';
    expect(poisoned).toEqual([[{ id: 1 }, reason]]);
    expect(await queue.listDead({ limit: 10 })).toMatchObject([{ reason }]);
    expect(JSON.parse(log.at(-1)!)).toMatchObject({
      logId: 'log-1',
      worker: 'test',
      deliveries: 3,
      err: { message: 'password is hunter2' },
    });
  });

  it('shows the message of an error that is made for callers', async () => {
    start(
      async () => {
        throw new InvalidInputError('The file is encrypted.');
      },
      { maxDeliveries: 1 },
    );
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    expect(poisoned).toEqual([[{ id: 1 }, 'The file is encrypted.']]);
  });

  it('does not repeat what no retry can help', async () => {
    let calls = 0;
    start(async () => {
      calls++;
      throw new DependencyError('The model is gone.', {
        kind: 'failed',
        retryable: false,
      });
    });
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    expect(calls).toBe(1);
    expect(poisoned).toEqual([[{ id: 1 }, 'The model is gone.']]);
  });

  it('waits for a limit as long as it says, and does not count that', async () => {
    const givenBack = jest.spyOn(queue, 'giveBack');
    let calls = 0;
    start(
      async () => {
        if (++calls > 3) return;
        throw new LimitExceededError('Too many requests.', {
          retryAfterSeconds: calls === 1 ? 7200 : 42,
        });
      },
      { maxDeliveries: 1 },
    );
    await queue.send([{ id: 1 }]);
    const waited: number[] = [];
    while (waited.length < 3) {
      const { ready, inFlight } = await queue.counts();
      const call = givenBack.mock.calls[waited.length];
      if (!call || ready + inFlight > 0) {
        await new Promise(resolve => setImmediate(resolve));
        continue;
      }
      waited.push(call[1]!.delaySeconds!);
      database.exec('UPDATE queue_message SET visible_at = 0');
    }
    expect(waited[0]).toBe(600);
    for (const seconds of waited.slice(1)) {
      expect(seconds).toBeGreaterThanOrEqual(42);
      expect(seconds).toBeLessThan(50);
    }
    await untilEmpty();
    while (calls < 4) await new Promise(resolve => setImmediate(resolve));
    expect(poisoned).toEqual([]);
  });

  it('gives up a message whose deliveries ended the process', async () => {
    await queue.send([{ id: 1 }]);
    for (let crash = 0; crash < 2; crash++) {
      const [message] = await queue.receive({
        max: 1,
        visibilityTimeoutSeconds: 10,
        waitSeconds: 0,
      });
      await queue.extend(message, 0);
    }
    const handle = jest.fn();
    start(handle, { maxDeliveries: 2 });
    await untilEmpty();
    expect(handle).not.toHaveBeenCalled();
    expect(poisoned).toEqual([
      [{ id: 1 }, expect.stringContaining('after 2 attempts')],
    ]);
  });

  it('buries only what was recorded as given up', async () => {
    let attempts = 0;
    start(
      async () => {
        throw new Error('No');
      },
      {
        maxDeliveries: 1,
        visibilityTimeoutSeconds: 0.05,
        onPoison: async (body, reason) => {
          if (++attempts === 1) throw new Error('The database is locked');
          poisoned.push([body, reason]);
        },
      },
    );
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    expect(poisoned).toHaveLength(1);
    expect(await queue.listDead({ limit: 10 })).toHaveLength(1);
  });

  it('keeps a message as long as the work takes', async () => {
    const extended = jest.spyOn(queue, 'extend');
    let calls = 0;
    start(
      async () => {
        calls++;
        while (extended.mock.calls.length < 8) {
          await new Promise(resolve => setImmediate(resolve));
        }
      },
      { visibilityTimeoutSeconds: 0.3, concurrency: 2 },
    );
    await queue.send([{ id: 1 }]);
    await untilEmpty();
    expect(calls).toBe(1);
  });

  it('stops work on a message that somebody else has', async () => {
    const { promise, resolve } = deferred<AbortSignal>();
    start(
      async (_body, { signal }) => {
        resolve(signal);
        await once(signal, 'abort');
      },
      { visibilityTimeoutSeconds: 0.3 },
    );
    await queue.send([{ id: 1 }]);
    const signal = await promise;
    database.exec(`UPDATE queue_message SET receipt = 'of another'`);
    await once(signal, 'abort');
    await new Promise(done => setImmediate(done));
    expect((await queue.counts()).inFlight).toBe(1);
  });

  it('lets work in hand end when it closes', async () => {
    const begun = deferred();
    const finish = deferred();
    const worker = start(async () => {
      begun.resolve();
      await finish.promise;
    });
    await queue.send([{ id: 1 }]);
    await begun.promise;
    const closing = worker.close({ drainMs: 5000 });
    await queue.send([{ id: 2 }]);
    finish.resolve();
    await closing;
    expect(await queue.counts()).toMatchObject({ ready: 1, inFlight: 0 });
  });

  it('gives back at its end what takes too long, heeding the signal or not', async () => {
    const begun = deferred();
    let count = 0;
    const worker = start(async ({ id }, { signal }) => {
      if (++count === 2) begun.resolve();
      if (id === 1) await once(signal, 'abort');
      await new Promise(() => {});
    });
    await queue.send([{ id: 1 }, { id: 2 }]);
    await begun.promise;
    await worker.close({ drainMs: 10 });
    expect(await queue.counts()).toEqual({ ready: 2, inFlight: 0, dead: 0 });
  });

  it('does not count deliveries that it broke off when it closed', async () => {
    await queue.send([{ id: 1 }]);
    const deliveries: number[] = [];
    for (let stop = 0; stop < 6; stop++) {
      const begun = deferred();
      const worker = start(async (_body, context) => {
        deliveries.push(context.deliveries);
        begun.resolve();
        await once(context.signal, 'abort');
      });
      await begun.promise;
      await worker.close({ drainMs: 0 });
    }
    expect(deliveries).toEqual([1, 1, 1, 1, 1, 1]);
    expect(poisoned).toEqual([]);
  });

  it('closes at once when there is nothing to do, twice, and before it started', async () => {
    const worker = start(async () => {});
    await Promise.all([worker.close(), worker.close()]);
    const idle = new QueueWorker<Body>({
      name: 'idle',
      queue,
      handle: async () => {},
      onPoison: async () => {},
      logger: createLogger({ level: 'silent' }),
    });
    await idle.close();
    idle.start();
    await queue.send([{ id: 1 }]);
    expect((await queue.counts()).ready).toBe(1);
  });

  it('says when the queue cannot be read, and recovers', async () => {
    const receive = jest
      .spyOn(queue, 'receive')
      .mockRejectedValueOnce(new Error('locked'))
      .mockRejectedValueOnce(new Error('locked'));
    const handled = deferred();
    const worker = start(async () => handled.resolve());
    while (receive.mock.calls.length < 2) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await worker.health()).toMatchObject({ status: 'DOWN' });
    await queue.send([{ id: 1 }]);
    await handled.promise;
    expect(await worker.health()).toEqual({ status: 'UP' });
  });
});
