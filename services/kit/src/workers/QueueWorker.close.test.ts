import { once } from 'node:events';
import { createLogger } from '../logging/createLogger';
import { deferred } from '../testing';
import { QueueWorker } from './QueueWorker';
import { type Body, TestWorkers } from './testing/TestWorkers';

describe('QueueWorker, when it closes', () => {
  let workers: TestWorkers;

  beforeEach(() => {
    workers = new TestWorkers();
  });
  afterEach(() => workers.close());

  it('lets work in hand end when it closes', async () => {
    const begun = deferred();
    const finish = deferred();
    const worker = workers.start(async () => {
      begun.resolve();
      await finish.promise;
    });
    await workers.queue.send([{ id: 1 }]);
    await begun.promise;
    const closing = worker.close({ drainMs: 5000 });
    await workers.queue.send([{ id: 2 }]);
    finish.resolve();
    await closing;
    expect(await workers.queue.counts()).toMatchObject({
      ready: 1,
      inFlight: 0,
    });
  });

  it('gives back at its end what takes too long, heeding the signal or not', async () => {
    const begun = deferred();
    let count = 0;
    const worker = workers.start(async ({ id }, { signal }) => {
      if (++count === 2) begun.resolve();
      if (id === 1) await once(signal, 'abort');
      await new Promise(() => {});
    });
    await workers.queue.send([{ id: 1 }, { id: 2 }]);
    await begun.promise;
    await worker.close({ drainMs: 10 });
    expect(await workers.queue.counts()).toEqual({
      ready: 2,
      inFlight: 0,
      dead: 0,
    });
  });

  it('does not count deliveries that it broke off when it closed', async () => {
    await workers.queue.send([{ id: 1 }]);
    const deliveries: number[] = [];
    for (let stop = 0; stop < 6; stop++) {
      const begun = deferred();
      const worker = workers.start(async (_body, context) => {
        deliveries.push(context.deliveries);
        begun.resolve();
        await once(context.signal, 'abort');
      });
      await begun.promise;
      await worker.close({ drainMs: 0 });
    }
    expect(deliveries).toEqual([1, 1, 1, 1, 1, 1]);
    expect(workers.poisoned).toEqual([]);
  });

  it('closes at once when there is nothing to do, twice, and before it started', async () => {
    const worker = workers.start(async () => {});
    await Promise.all([worker.close(), worker.close()]);
    const idle = new QueueWorker<Body>({
      name: 'idle',
      queue: workers.queue,
      handle: async () => {},
      onPoison: async () => {},
      logger: createLogger({ level: 'silent' }),
    });
    await idle.close();
    idle.start();
    await workers.queue.send([{ id: 1 }]);
    expect((await workers.queue.counts()).ready).toBe(1);
  });
});
