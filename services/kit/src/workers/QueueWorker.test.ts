import { EventEmitter, once } from 'node:events';
import { deferred } from '../testing';
import { TestWorkers } from './testing/TestWorkers';

describe('QueueWorker', () => {
  let workers: TestWorkers;

  beforeEach(() => {
    workers = new TestWorkers();
  });
  afterEach(() => workers.close());

  it('works on every message and deletes it', async () => {
    const seen: number[] = [];
    workers.start(async ({ id }) => void seen.push(id));
    await workers.queue.send(Array.from({ length: 50 }, (_, id) => ({ id })));
    await workers.untilEmpty();
    expect(seen.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, id) => id),
    );
  });

  it('works on as many at once as it may, and refills each place', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    workers.start(
      async () => {
        most = Math.max(most, ++running);
        await new Promise(resolve => setImmediate(resolve));
        running--;
        done++;
      },
      { concurrency: 3 },
    );
    await workers.queue.send(Array.from({ length: 20 }, (_, id) => ({ id })));
    await workers.untilEmpty();
    expect([most, done]).toEqual([3, 20]);
  });

  it('does not let one slow message hold others up', async () => {
    const events = new EventEmitter();
    const slow = deferred();
    const seen: number[] = [];
    workers.start(
      async ({ id }) => {
        if (id === 0) await slow.promise;
        seen.push(id);
        if (seen.length === 9) events.emit('others');
      },
      { concurrency: 2 },
    );
    await Promise.all([
      once(events, 'others'),
      workers.queue.send(Array.from({ length: 10 }, (_, id) => ({ id }))),
    ]);
    expect(seen).not.toContain(0);
    slow.resolve();
    await workers.untilEmpty();
  });

  it('keeps a message as long as the work takes', async () => {
    const extended = jest.spyOn(workers.queue, 'extend');
    let calls = 0;
    workers.start(
      async () => {
        calls++;
        while (extended.mock.calls.length < 8) {
          await new Promise(resolve => setImmediate(resolve));
        }
      },
      { visibilityTimeoutSeconds: 0.3, concurrency: 2 },
    );
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    expect(calls).toBe(1);
  });

  it('stops work on a message that somebody else has', async () => {
    const { promise, resolve } = deferred<AbortSignal>();
    workers.start(
      async (_body, { signal }) => {
        resolve(signal);
        await once(signal, 'abort');
      },
      { visibilityTimeoutSeconds: 0.3 },
    );
    await workers.queue.send([{ id: 1 }]);
    const signal = await promise;
    workers.database.exec(`UPDATE queue_message SET receipt = 'of another'`);
    await once(signal, 'abort');
    await new Promise(done => setImmediate(done));
    expect((await workers.queue.counts()).inFlight).toBe(1);
  });

  it('says when the queue cannot be read, and recovers', async () => {
    const receive = jest
      .spyOn(workers.queue, 'receive')
      .mockRejectedValueOnce(new Error('locked'))
      .mockRejectedValueOnce(new Error('locked'));
    const handled = deferred();
    const worker = workers.start(async () => handled.resolve());
    while (receive.mock.calls.length < 2) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(await worker.health()).toMatchObject({ status: 'DOWN' });
    await workers.queue.send([{ id: 1 }]);
    await handled.promise;
    expect(await worker.health()).toEqual({ status: 'UP' });
  });
});
