import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { runCreate } from '../__testUtils__/runCreate';

const EVENTS = '/environments/orders/events';

describe('genai:environment:create, interrupted', () => {
  const backend = new FakeEnvironmentsBackend();

  beforeEach(async () => {
    backend.records.clear();
    backend.calls.length = 0;
    backend.autoReady = true;
    backend.autoDelete = true;
    await backend.start();
  });
  afterEach(() => backend.stop());

  const run = (options?: Parameters<typeof runCreate>[1]) =>
    runCreate(backend, options);

  describe('when the task is cancelled', () => {
    it('takes the environment away that it created', async () => {
      backend.autoReady = false;
      const controller = new AbortController();
      const { done, log } = run({ signal: controller.signal });
      await backend.untilCalled('GET', EVENTS);
      backend.advance('orders', 'Provisioning');

      controller.abort();

      await expect(done).rejects.toThrow(
        'The task was cancelled. Environment orders was torn down; nothing is left of it.',
      );
      expect(backend.environment('orders')?.status.phase).toBe('Deleted');
      expect(log).toContain(
        'Cancelled: tearing environment orders down again.',
      );
    });

    it('waits for a create under way to know what to take away', async () => {
      const controller = new AbortController();
      const { done } = run({ signal: controller.signal });
      await backend.untilCalled('POST', '/environments');
      controller.abort();

      await expect(done).rejects.toThrow('The task was cancelled.');
      expect(backend.environment('orders')?.status.phase).toBe('Deleted');
    });

    it('creates nothing when that was before the create', async () => {
      const controller = new AbortController();
      controller.abort();
      const { done } = run({ signal: controller.signal });

      await expect(done).rejects.toThrow(
        'The task was cancelled before this step was done.',
      );
      expect(backend.records.size).toBe(0);
    });

    it('takes away what an earlier run of the task recorded', async () => {
      await run().done;
      backend.calls.length = 0;
      const controller = new AbortController();
      const { done } = run({ signal: controller.signal });
      // Cancelled while it looks who has the name, before it asked for anything.
      await backend.untilCalled('GET', '/environments/orders');
      controller.abort();

      await expect(done).rejects.toThrow('Environment orders was torn down');
      expect(backend.environment('orders')?.status.phase).toBe('Deleted');
    });

    it('says so when teardown takes longer', async () => {
      backend.autoReady = false;
      backend.autoDelete = false;
      const controller = new AbortController();
      const { done } = run({
        signal: controller.signal,
        timings: { cleanUpTimeoutMs: 50 },
      });
      await backend.untilCalled('GET', EVENTS);
      controller.abort();

      await expect(done).rejects.toThrow(
        'Teardown of environment orders was requested and completes by itself.',
      );
    });

    it('leaves an environment of somebody else alone', async () => {
      await run({ taskId: 'task-of-somebody-else' }).done;
      const controller = new AbortController();
      const { done } = run({ signal: controller.signal });
      await backend.untilCalled('POST', '/environments', 2);
      controller.abort();

      await expect(done).rejects.toThrow('The name "orders" is taken.');
      expect(backend.countCalls('DELETE', '/environments/orders')).toBe(0);
    });
  });

  // The scaffolder fails such a task before its next step, and asks no action.
  describe('when the task is cancelled after its step', () => {
    const getTask = jest.fn();
    beforeEach(() => getTask.mockReset());

    async function cancelAfterwards() {
      const controller = new AbortController();
      const { done, log } = run({ signal: controller.signal, getTask });
      await done;
      controller.abort();
      return log;
    }

    it.each(['failed', 'cancelled'])(
      'takes the environment away again once the task is %s',
      async status => {
        getTask.mockResolvedValueOnce({ status: 'processing' });
        getTask.mockResolvedValueOnce({ status });
        await cancelAfterwards();
        await backend.until(
          () => backend.environment('orders')?.status.phase === 'Deleted',
        );
        expect(getTask).toHaveBeenCalledTimes(2);
      },
    );

    it('takes it away once, though two steps had it', async () => {
      getTask.mockResolvedValue({ status: 'failed' });
      const controller = new AbortController();
      const options = { signal: controller.signal, getTask };
      const first = run(options);
      await first.done;
      const second = run(options);
      await second.done;
      controller.abort();

      await backend.until(
        () => backend.environment('orders')?.status.phase === 'Deleted',
      );
      expect(getTask).toHaveBeenCalledTimes(1);
      expect(backend.countCalls('DELETE', '/environments/orders')).toBe(1);
    });

    it('leaves it when the task had completed', async () => {
      const answered = new Promise<void>(resolve => {
        getTask.mockImplementation(async () => {
          setImmediate(resolve);
          return { status: 'completed' };
        });
      });
      const log = await cancelAfterwards();
      await answered;
      expect(log.join()).not.toContain('Cancelled');
      expect(backend.environment('orders')?.deletionRequestedAt).toBe(
        undefined,
      );
    });

    it('leaves it and says so when that cannot be found out', async () => {
      const log = await new Promise<string[]>((resolve, reject) => {
        getTask.mockRejectedValue(new Error('The scaffolder is away.'));
        cancelAfterwards().then(lines => setImmediate(resolve, lines), reject);
      });
      expect(log.at(-1)).toContain('how the task ended is unknown');
      expect(backend.environment('orders')?.status.phase).toBe('Ready');
    });

    it('takes it away within the step when the signal comes with its end', async () => {
      const controller = new AbortController();
      const { done } = run({ signal: controller.signal });
      await backend.untilCalled('GET', '/environments/orders/applications');
      controller.abort();

      await expect(done).rejects.toThrow(
        'The task was cancelled. Environment orders was torn down',
      );
      expect(backend.environment('orders')?.status.phase).toBe('Deleted');
    });
  });

  describe('when the task is run again', () => {
    it('finds the environment of the first run', async () => {
      await run().done;
      const { done, log, outputs } = run();
      await done;

      expect(log).toEqual([
        'Environment orders, which this task created, is there.',
      ]);
      expect(outputs).toMatchObject({ endpoint: 'http://127.0.0.1:40001' });
      expect(backend.environment('orders')?.uid).toMatch(/^uid-/);
      expect(backend.records.size).toBe(1);
    });

    it('goes on following what is not Ready yet', async () => {
      backend.autoReady = false;
      const first = run();
      await backend.untilCalled('GET', EVENTS);
      const { done, log } = run();
      await backend.untilCalled('GET', EVENTS, 2);
      backend.advance('orders', 'Ready');
      await Promise.all([done, first.done]);

      expect(log[0]).toContain('recorded by an earlier run of this task');
      expect(backend.records.size).toBe(1);
    });

    it('creates it anew when it was torn down', async () => {
      await run().done;
      const { uid } = backend.environment('orders')!;
      await fetch(`${backend.baseUrl}/v1/environments/orders`, {
        method: 'DELETE',
      });
      await backend.until(
        () => backend.environment('orders')?.status.phase === 'Deleted',
      );

      await run().done;

      expect(backend.environment('orders')?.uid).not.toBe(uid);
      expect(backend.environment('orders')?.status.phase).toBe('Ready');
    });

    it('waits for a teardown under way, then creates anew', async () => {
      await run().done;
      const { uid } = backend.environment('orders')!;
      backend.autoDelete = false;
      await fetch(`${backend.baseUrl}/v1/environments/orders`, {
        method: 'DELETE',
      });

      const { done, log } = run();
      await backend.untilCalled('GET', EVENTS, 2);
      expect(backend.environment('orders')?.uid).toBe(uid);
      backend.advance('orders', 'Deleted');
      await done;

      expect(log[0]).toContain('waiting until the name is free');
      expect(backend.environment('orders')?.uid).not.toBe(uid);
      expect(backend.environment('orders')?.status.phase).toBe('Ready');
    });

    it('says what it waits for when the name does not become free in time', async () => {
      await run().done;
      backend.autoDelete = false;
      await fetch(`${backend.baseUrl}/v1/environments/orders`, {
        method: 'DELETE',
      });
      await expect(
        run({ input: { timeoutMinutes: 0.001 } }).done,
      ).rejects.toThrow('The name orders is not free after 0.001 minutes');
    });

    it('replaces what the first run left Failed', async () => {
      backend.autoReady = false;
      const first = run();
      await backend.untilCalled('GET', EVENTS);
      const { uid } = backend.environment('orders')!;
      backend.advance('orders', 'Failed');
      await expect(first.done).rejects.toThrow('Environment orders failed.');

      backend.autoReady = true;
      const { done, log } = run();
      await done;

      expect(log.join('\n')).toContain('tearing it down to begin afresh');
      expect(backend.environment('orders')?.uid).not.toBe(uid);
      expect(backend.environment('orders')?.status.phase).toBe('Ready');
    });
  });
});
