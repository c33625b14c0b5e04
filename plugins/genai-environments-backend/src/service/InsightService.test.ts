import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';
import plugin from '../index';

describe('what a running environment tells', () => {
  const { databases } = createTestDatabases();

  const start = async () => {
    const running = await startPlugin({
      knex: await databases.init('SQLITE_3'),
    });
    await running.ada.post('/environments', createRequest).expect(201);
    return running;
  };

  it('comes from its provisioner', async () => {
    const { ada, waitForPhase } = await start();
    await waitForPhase('invoice-bot', 'Ready');
    const ask = async (path: string) =>
      (await ada.get(`/environments/invoice-bot/${path}`).expect(200)).body;

    expect(await ask('services')).toEqual({
      items: [{ name: 'model-invocation', health: 'healthy' }],
    });
    expect(await ask('openapi')).toMatchObject({
      info: { title: 'invoice-bot' },
    });
    const usage = await ask('usage?from=2026-01-01&to=2026-01-31');
    expect(usage.items).toEqual([
      expect.objectContaining({ day: '2026-01-31', invocations: 1 }),
    ]);
    const today = new Date().toISOString().slice(0, 10);
    expect((await ask('usage')).items[0].day).toBe(today);
  });

  it('is refused with a sentence while it does not run', async () => {
    const { ada, provisioner, waitForPhase } = await start();
    await waitForPhase('invoice-bot', 'Ready');
    provisioner.intercept = async desired =>
      provisioner.outcome('Failed', desired);
    provisioner.hint((await ada.get('/environments/invoice-bot')).body.uid);
    await waitForPhase('invoice-bot', 'Failed');
    for (const path of ['openapi', 'usage']) {
      const { body } = await ada
        .get(`/environments/invoice-bot/${path}`)
        .expect(409);
      expect(body.error.message).toBe(
        'Environment invoice-bot is Failed and cannot be asked. Try again when it is Ready.',
      );
    }
  });

  it('answers 503 without internals when the provisioner does not answer', async () => {
    const { ada, provisioner, waitForPhase } = await start();
    await waitForPhase('invoice-bot', 'Ready');
    provisioner.getOpenApi = async () => {
      throw new Error('connect ECONNREFUSED 127.0.0.1:1');
    };
    const { body } = await ada
      .get('/environments/invoice-bot/openapi')
      .expect(503);
    expect(body.error.message).toMatch(/"fake" does not answer just now/);
    expect(JSON.stringify(body)).not.toContain('ECONNREFUSED');
  });

  it.each([
    'from=yesterday',
    'from=2026-02-01&to=2026-01-01',
    'from=2020-01-01',
  ])('refuses usage of %s', async query => {
    const { ada } = await start();
    const { body } = await ada
      .get(`/environments/invoice-bot/usage?${query}`)
      .expect(400);
    expect(body.error.message).toMatch(/"from"/);
  });
});

describe('a portal without a provisioner', () => {
  const { databases } = createTestDatabases();

  it('refuses to start with a default that is not installed', async () => {
    await expect(
      startTestBackend({
        features: [
          plugin,
          mockServices.database.factory({
            knex: await databases.init('SQLITE_3'),
          }),
          mockServices.rootConfig.factory({
            data: { genaiEnvironments: { defaultProvisioner: 'aws' } },
          }),
        ],
      }),
    ).rejects.toThrow(/"aws", which is not installed\. Installed are: none/);
  });
});
