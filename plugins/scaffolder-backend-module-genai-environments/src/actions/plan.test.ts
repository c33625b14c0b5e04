import type { JsonObject } from '@backstage/types';
import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { apiOptions, createContext } from '../__testUtils__/context';
import { createEnvironmentPlanAction } from './plan';

const INPUT = {
  name: 'orders',
  owner: 'group:default/payments',
  tier: 'sandbox',
  models: ['local.extractive'],
  services: ['model-invocation'],
};

describe('genai:environment:plan', () => {
  const backend = new FakeEnvironmentsBackend();
  const { plan } = backend;

  beforeEach(async () => {
    backend.plan = plan;
    backend.calls.length = 0;
    await backend.start();
  });
  afterEach(() => backend.stop());

  function run(input: JsonObject = {}) {
    const { context, log, outputs } = createContext({
      input: { ...INPUT, ...input },
      task: { id: 'task-1' },
    });
    const action = createEnvironmentPlanAction(apiOptions(backend));
    return { done: action.handler(context as never), log, outputs };
  }

  it('tells what would be created, and creates nothing', async () => {
    const { done, log, outputs } = run();
    await done;

    expect(outputs).toEqual({
      summary:
        'Environment orders: 1 resource, 0.00 USD a month while idle. Runs on this machine. It expires at 2026-03-08T08:00:00.000Z.',
      resources: ['process runtime: All services'],
      monthlyCost: '0.00 USD',
      expiresAt: '2026-03-08T08:00:00.000Z',
      provisioner: 'local',
      region: 'local',
    });
    expect(log[0]).toBe(outputs.summary);
    expect(backend.countCalls('POST', '/environments')).toBe(0);
    expect(backend.calls.at(-1)?.body).toMatchObject({ requestId: 'task-1' });
  });

  it('fails with all problems at once', async () => {
    backend.plan = {
      ...plan,
      problems: [
        {
          path: 'name',
          code: 'name-taken',
          message: 'The name "orders" is taken.',
        },
        {
          path: '',
          code: 'quota-exceeded',
          message: 'payments has 5 of at most 5 environments.',
        },
      ],
    };

    const error = await run().done.catch(e => e);

    expect(error).toMatchObject({
      name: 'InputError',
      message: [
        'The environment cannot be created as asked:',
        '- name: The name "orders" is taken.',
        '- payments has 5 of at most 5 environments.',
      ].join('\n'),
    });
    expect(error.stack).not.toContain('    at ');
  });

  it('takes empty fields of a form as left out', async () => {
    await run({ description: '', app: { repository: '', catalogSource: '' } })
      .done;

    expect(backend.calls.at(-1)?.body).toEqual({
      ...INPUT,
      provisioner: 'local',
      region: 'local',
      requestId: 'task-1',
    });
  });

  it('names what can be chosen instead of an unknown provisioner', async () => {
    await expect(run({ provisioner: 'mars' }).done).rejects.toThrow(
      'There is no provisioner "mars". Choose one of: local.',
    );
  });
});
