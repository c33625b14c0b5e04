import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { apiOptions, createContext } from '../__testUtils__/context';
import { createEnvironmentCreateAction } from './create';
import { createEnvironmentDeleteAction } from './delete';

describe('genai:environment:delete', () => {
  const backend = new FakeEnvironmentsBackend();

  beforeEach(async () => {
    backend.records.clear();
    backend.calls.length = 0;
    backend.autoDelete = true;
    await backend.start();
  });
  afterEach(() => backend.stop());

  async function givenEnvironment() {
    const { context } = createContext({
      input: {
        name: 'orders',
        owner: 'group:default/payments',
        tier: 'sandbox',
        models: ['local.extractive'],
        services: ['model-invocation'],
      },
    });
    await createEnvironmentCreateAction(apiOptions(backend)).handler(
      context as never,
    );
    backend.calls.length = 0;
  }

  function run(input: object = {}, signal?: AbortSignal) {
    const action = createEnvironmentDeleteAction(apiOptions(backend));
    const { context, log, outputs } = createContext({
      input: { name: 'orders', ...input },
      signal,
    });
    const done = action.handler(context as never);
    done.catch(() => {});
    return { done, log, outputs };
  }

  it('tears down and waits until it is gone', async () => {
    await givenEnvironment();
    const { done, log, outputs } = run();
    await done;

    expect(backend.environment('orders')?.status.phase).toBe('Deleted');
    expect(log).toEqual([
      'Environment orders is now Deleting.',
      'Environment orders is now Deleted.',
    ]);
    expect(outputs).toEqual({ name: 'orders', deleted: true });
  });

  it('goes on at once without wait', async () => {
    await givenEnvironment();
    backend.autoDelete = false;
    const { done, outputs } = run({ wait: false });
    await done;

    expect(backend.environment('orders')?.status.phase).toBe('Deleting');
    expect(outputs).toEqual({ name: 'orders', deleted: false });
  });

  it('succeeds when there is nothing to tear down', async () => {
    const { done, log, outputs } = run();
    await done;

    expect(log).toEqual(['There is no environment orders any more.']);
    expect(outputs).toEqual({ name: 'orders', deleted: true });
  });

  it('shows why one may not', async () => {
    await givenEnvironment();
    backend.refusals.push({
      on: 'DELETE /environments/orders',
      status: 403,
      message: 'You may not tear down orders: it belongs to payments.',
    });

    await expect(run().done).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: 'You may not tear down orders: it belongs to payments.',
    });
  });

  it('says that a cancelled teardown goes on', async () => {
    await givenEnvironment();
    backend.autoDelete = false;
    const controller = new AbortController();
    const { done } = run({}, controller.signal);
    await backend.untilCalled('GET', '/environments/orders/events');
    controller.abort();

    await expect(done).rejects.toThrow(
      'Teardown of environment orders cannot be taken back and completes by itself.',
    );
  });

  it('fails with the cause when teardown is stuck', async () => {
    await givenEnvironment();
    backend.autoDelete = false;
    const { done } = run();
    await backend.untilCalled('GET', '/environments/orders/events');
    backend.advance('orders', 'Failed', 'Stuck.', {
      conditions: [
        {
          type: 'Deleted',
          status: 'False',
          reason: 'Locked',
          message: 'A file is locked.',
          lastTransitionAt: '2026-03-01T08:00:00.000Z',
        },
      ],
    });

    await expect(done).rejects.toThrow(
      'Teardown of environment orders failed. A file is locked.',
    );
  });
});
