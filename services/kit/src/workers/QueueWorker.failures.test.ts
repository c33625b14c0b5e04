import {
  DependencyError,
  InvalidInputError,
  LimitExceededError,
} from '../errors';
import { TestWorkers } from './testing/TestWorkers';

describe('QueueWorker, when work fails', () => {
  let workers: TestWorkers;

  beforeEach(() => {
    workers = new TestWorkers();
  });
  afterEach(() => workers.close());

  it('tries again what failed', async () => {
    const deliveries: number[] = [];
    workers.start(async (_body, context) => {
      deliveries.push(context.deliveries);
      if (context.deliveries < 3) throw new Error('Not yet');
    });
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    expect(deliveries).toEqual([1, 2, 3]);
    expect(workers.poisoned).toEqual([]);
  });

  it('buries what keeps failing, and tells a caller nothing of the inside', async () => {
    workers.start(
      async () => {
        throw new Error('password is hunter2');
      },
      { maxDeliveries: 3 },
    );
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    const reason =
      'Processing failed on our side. If it persists, report log id log-1.';
    expect(workers.poisoned).toEqual([[{ id: 1 }, reason]]);
    expect(await workers.queue.listDead({ limit: 10 })).toMatchObject([
      { reason },
    ]);
    expect(JSON.parse(workers.log.at(-1)!)).toMatchObject({
      logId: 'log-1',
      worker: 'test',
      deliveries: 3,
      err: { message: 'password is hunter2' },
    });
  });

  it('shows at once the message of an error that is made for callers', async () => {
    let calls = 0;
    workers.start(async () => {
      calls++;
      throw new InvalidInputError('The file is encrypted.');
    });
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    expect(calls).toBe(1);
    expect(workers.poisoned).toEqual([[{ id: 1 }, 'The file is encrypted.']]);
  });

  it('does not repeat what no retry can help', async () => {
    let calls = 0;
    workers.start(async () => {
      calls++;
      throw new DependencyError('The model is gone.', {
        kind: 'failed',
        retryable: false,
      });
    });
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    expect(calls).toBe(1);
    expect(workers.poisoned).toEqual([[{ id: 1 }, 'The model is gone.']]);
  });

  it('waits for a limit as long as it says, and does not count that', async () => {
    const givenBack = jest.spyOn(workers.queue, 'giveBack');
    let calls = 0;
    workers.start(
      async () => {
        if (++calls > 3) return;
        throw new LimitExceededError('Too many requests.', {
          retryAfterSeconds: calls === 1 ? 7200 : 42,
        });
      },
      { maxDeliveries: 1 },
    );
    await workers.queue.send([{ id: 1 }]);
    const waited: number[] = [];
    while (waited.length < 3) {
      const { ready, inFlight } = await workers.queue.counts();
      const call = givenBack.mock.calls[waited.length];
      if (!call || ready + inFlight > 0) {
        await new Promise(resolve => setImmediate(resolve));
        continue;
      }
      waited.push(call[1]!.delaySeconds!);
      workers.database.exec('UPDATE queue_message SET visible_at = 0');
    }
    expect(waited[0]).toBe(600);
    for (const seconds of waited.slice(1)) {
      expect(seconds).toBeGreaterThanOrEqual(42);
      expect(seconds).toBeLessThan(50);
    }
    await workers.untilEmpty();
    while (calls < 4) await new Promise(resolve => setImmediate(resolve));
    expect(workers.poisoned).toEqual([]);
  });

  it('gives up a message whose deliveries ended the process', async () => {
    await workers.queue.send([{ id: 1 }]);
    for (let crash = 0; crash < 2; crash++) {
      const [message] = await workers.queue.receive({
        max: 1,
        visibilityTimeoutSeconds: 10,
        waitSeconds: 0,
      });
      await workers.queue.extend(message, 0);
    }
    const handle = jest.fn();
    workers.start(handle, { maxDeliveries: 2 });
    await workers.untilEmpty();
    expect(handle).not.toHaveBeenCalled();
    expect(workers.poisoned).toEqual([
      [{ id: 1 }, expect.stringContaining('after 2 attempts')],
    ]);
  });

  it('buries only what was recorded as given up', async () => {
    let attempts = 0;
    workers.start(
      async () => {
        throw new Error('No');
      },
      {
        maxDeliveries: 1,
        visibilityTimeoutSeconds: 0.05,
        onPoison: async (body, reason) => {
          if (++attempts === 1) throw new Error('The database is locked');
          workers.poisoned.push([body, reason]);
        },
      },
    );
    await workers.queue.send([{ id: 1 }]);
    await workers.untilEmpty();
    expect(workers.poisoned).toHaveLength(1);
    expect(await workers.queue.listDead({ limit: 10 })).toHaveLength(1);
  });
});
