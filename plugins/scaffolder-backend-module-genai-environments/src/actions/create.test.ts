import { mockCredentials } from '@backstage/backend-test-utils';
import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { CREATE_INPUT, runCreate } from '../__testUtils__/runCreate';

const EVENTS = '/environments/orders/events';

describe('genai:environment:create', () => {
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

  it('creates in the name of the initiator and follows until Ready', async () => {
    const { done, log, outputs } = run();
    await done;

    expect(log).toEqual([
      'Environment orders was requested.',
      'Environment orders is now Provisioning.',
      'Environment orders is now Ready.',
    ]);
    expect(outputs).toEqual({
      name: 'orders',
      entityRef: 'resource:default/orders',
      endpoint: 'http://127.0.0.1:40001',
      tokenUrl: 'http://127.0.0.1:40001/oauth2/token',
      appUrl: 'http://127.0.0.1:40001/app/',
      applicationId: 'app-2',
      clientId: 'orders-default',
    });
    expect(backend.records.get('orders')?.request).toEqual({
      ...CREATE_INPUT,
      provisioner: 'local',
      region: 'local',
      requestId: 'task-1',
    });
    for (const { token } of backend.calls) {
      expect(token).toBe(
        mockCredentials.service.token({
          onBehalfOf: mockCredentials.user(),
          targetPluginId: 'genai-environments',
        }),
      );
    }
  });

  it('refuses to go on without the repository that it published', async () => {
    const repository = 'file:///nowhere/repositories/orders';
    const { done } = run({ input: { app: { repository } } });

    await expect(done).rejects.toThrow(
      'The repository that was published for orders is not there any more. Start over',
    );
    expect(backend.records.size).toBe(0);
  });

  it('goes on at once without wait', async () => {
    backend.autoReady = false;
    const { done, outputs } = run({ input: { wait: false } });
    await done;

    expect(outputs).toEqual({
      name: 'orders',
      entityRef: 'resource:default/orders',
    });
    expect(backend.countCalls('GET', EVENTS)).toBe(0);
  });

  it('fails with the cause and the next action', async () => {
    backend.autoReady = false;
    const { done } = run();
    await backend.untilCalled('GET', EVENTS);
    backend.advance('orders', 'Failed', 'Could not start.', {
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'NoPort',
          message: 'No port is free.',
          nextAction: 'Stop another environment and try again.',
          lastTransitionAt: '2026-03-01T08:00:00.000Z',
        },
      ],
    });

    await expect(done).rejects.toThrow(
      'Environment orders failed. No port is free. Stop another environment and try again.',
    );
  });

  it.each([
    [400, 'Field "name" must have at least 3 characters.', 'InputError'],
    [403, 'You do not belong to group:default/payments.', 'NotAllowedError'],
    [409, 'The name "orders" is taken. Choose another name.', 'ConflictError'],
  ])('shows the sentence of a %s', async (status, message, name) => {
    backend.refusals.push({ on: 'POST /environments', status, message });
    const { done } = run();

    const error = await done.catch(e => e);

    expect(error).toMatchObject({ name, message });
    // The task log shows the stack.
    expect(error.stack).toBe(`${name}: ${message}`);
    expect(backend.records.size).toBe(0);
  });

  it('refuses malformed input with one line for each problem, asking nobody', async () => {
    const { done } = run({
      input: { name: 'Orders!', models: [], expiresAfter: 'a week' },
    });

    const { message } = await done.catch(e => e);

    expect(message.split('\n')).toEqual([
      'The environment cannot be created as asked:',
      expect.stringMatching(/^- models: choose at least one model/),
      expect.stringMatching(/^- name: must start with a lower-case letter/),
      expect.stringMatching(/^- expiresAfter: must be an ISO 8601 duration/),
    ]);
    expect(backend.countCalls('POST', '/environments')).toBe(0);
  });

  it('resumes behind the last event when the backend restarts', async () => {
    backend.autoReady = false;
    const { done, log } = run();
    await backend.untilCalled('GET', EVENTS);
    backend.advance('orders', 'Provisioning', 'Starting the runtime.');
    await untilLogged(log, 'Starting the runtime.');

    await backend.stop();
    backend.advance('orders', 'Provisioning', 'The runtime listens.');
    await backend.start();
    await untilLogged(log, 'The runtime listens.');
    backend.advance('orders', 'Ready', 'Ready for calls.');
    await done;

    expect(log).toEqual([
      'Environment orders was requested.',
      'Starting the runtime.',
      'The runtime listens.',
      'Ready for calls.',
    ]);
    expect(backend.countCalls('POST', '/environments')).toBe(1);
  });

  it('creates while the backend starts', async () => {
    await backend.stop();
    const { done } = run();
    await backend.start();
    await done;

    expect(backend.environment('orders')?.status.phase).toBe('Ready');
  });

  it('notices a stream that died without a word', async () => {
    backend.autoReady = false;
    const { done } = run({ timings: { idleMs: 50 } });
    await backend.untilCalled('GET', EVENTS);
    // Nobody is told: as when a proxy in between has dropped the connection.
    const { status } = backend.environment('orders')!;
    Object.assign(status, { phase: 'Ready', observedGeneration: 1 });

    await expect(done).resolves.toBeUndefined();
  });

  it('says that it goes on by itself when the time is up', async () => {
    backend.autoReady = false;
    const { done } = run({ input: { timeoutMinutes: 0.002 } });

    await expect(done).rejects.toThrow(
      /not Ready after 0.002 minutes. It keeps on by itself/,
    );
    expect(backend.environment('orders')?.deletionRequestedAt).toBeUndefined();
  });

  it('says so when somebody tears it down meanwhile', async () => {
    backend.autoReady = false;
    const { done } = run();
    await backend.untilCalled('GET', EVENTS);
    await fetch(`${backend.baseUrl}/v1/environments/orders`, {
      method: 'DELETE',
    });

    await expect(done).rejects.toThrow(
      'Environment orders was torn down while this task waited for it.',
    );
  });
});

async function untilLogged(log: string[], line: string) {
  while (!log.includes(line)) {
    await new Promise(resolve => setImmediate(resolve));
  }
}
