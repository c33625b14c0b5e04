import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Application } from '@genai-environments/backstage-plugin-genai-environments-common';
import { gate } from '../__testUtils__/createReplica';
import { createTestDatabases } from '../__testUtils__/databases';
import { dump } from '../__testUtils__/dump';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

const APPLICATIONS = '/environments/invoice-bot/applications';

describe.each(createTestDatabases().ids)('applications, %s', id => {
  const { databases } = createTestDatabases();

  const start = async (
    config: object = {},
    policy?: Parameters<typeof startPlugin>[0]['policy'],
  ) => {
    const knex = await databases.init(id);
    const plugin = await startPlugin({ knex, config, policy });
    await plugin.ada.post('/environments', createRequest).expect(201);
    await plugin.waitForPhase('invoice-bot', 'Ready');
    const { body } = await plugin.ada.get(APPLICATIONS).expect(200);
    const find = (name: string): Application =>
      body.items.find((item: Application) => item.name === name);
    return {
      ...plugin,
      knex,
      own: find('default'),
      app: find('project-app'),
    };
  };

  it('come with the environment: one to use, one for its app', async () => {
    const { own, app } = await start();
    expect(own).toMatchObject({
      kind: 'external',
      enabled: true,
      scopes: ['genaifoundations/read'],
      secretVersion: 1,
      secretState: 'available',
      observed: true,
      createdBy: 'user:default/ada',
    });
    expect(own.clientId).toMatch(/^invoice-bot-default-[0-9a-f]{10}$/);
    expect(app).toMatchObject({ kind: 'project-app', secretState: 'managed' });
  });

  it('administer the environment only by a permission of its own', async () => {
    const asked: string[] = [];
    const { ada } = await start({}, ({ permission }) => {
      asked.push(permission.name);
      const denied = permission.name === 'genai.application.administer';
      return { result: denied ? AuthorizeResult.DENY : AuthorizeResult.ALLOW };
    });
    await ada.post(APPLICATIONS, { name: 'batch' }).expect(201);
    expect(asked).not.toContain('genai.application.administer');
    const admin = { name: 'admin', scopes: ['genai/admin'] };
    const { body } = await ada.post(APPLICATIONS, admin).expect(403);
    expect(body.error.message).toContain('genai.application.administer');
    const { items } = (await ada.get(APPLICATIONS)).body;
    expect(items.map(({ name }: Application) => name)).not.toContain('admin');
  });

  it('administer the environment where its owner adds them', async () => {
    const { ada, bob } = await start();
    const admin = { name: 'admin', scopes: ['genai/admin'] };
    await bob.post(APPLICATIONS, admin).expect(403);
    const { body } = await ada.post(APPLICATIONS, admin).expect(201);
    expect(body).toMatchObject({ scopes: ['genai/admin'], observed: true });
  });

  it('are added, disabled, enabled and deleted, each in force when answered', async () => {
    const { ada, provisioner, audited } = await start();
    const { body: added } = await ada
      .post(APPLICATIONS, { name: 'batch', scopes: ['genai/model.invoke'] })
      .expect(201);
    expect(added).toMatchObject({
      name: 'batch',
      observed: true,
      secretState: 'available',
    });
    await ada.post(APPLICATIONS, { name: 'batch' }).expect(409);
    await ada.post(APPLICATIONS, { name: 'Batch!' }).expect(400);

    const act = (action: string) =>
      ada.post(`${APPLICATIONS}/${added.id}/${action}`);
    const { body: disabled } = await act('disable').expect(200);
    expect(disabled).toMatchObject({ enabled: false, observed: true });
    await act('disable').expect(200);
    const desired = () =>
      provisioner.calls
        .at(-1)
        ?.applications.find(({ name }) => name === 'batch');
    expect(desired()).toMatchObject({ enabled: false, revision: 2 });
    const { body: enabled } = await act('enable').expect(200);
    expect(enabled).toMatchObject({ enabled: true, secretState: 'available' });

    await ada.delete(`${APPLICATIONS}/${added.id}`).expect(204);
    expect(desired()).toBeUndefined();
    await ada.delete(`${APPLICATIONS}/${added.id}`).expect(404);
    await act('rotate').expect(404);
    await ada.post(APPLICATIONS, { name: 'batch' }).expect(201);

    expect(
      audited
        .filter(({ eventId }) => eventId.startsWith('application-'))
        .map(({ eventId, result }) => `${eventId} ${result}`),
    ).toEqual([
      'application-create success',
      'application-create failure',
      'application-create failure',
      'application-disable success',
      'application-disable success',
      'application-enable success',
      'application-delete success',
      'application-delete failure',
      'application-rotate failure',
      'application-create success',
    ]);
  });

  it('are limited in number', async () => {
    const { ada } = await start({
      limits: { maxApplicationsPerEnvironment: 3 },
    });
    await ada.post(APPLICATIONS, { name: 'third' }).expect(201);
    const { body } = await ada
      .post(APPLICATIONS, { name: 'fourth' })
      .expect(400);
    expect(body.error.message).toMatch(/has 3 of at most 3 applications/);
  });

  it('show a secret to exactly one of many, once per rotation', async () => {
    const { ada, own, provisioner } = await start();
    const path = `${APPLICATIONS}/${own.id}`;
    const refusals = gate();
    const take = provisioner.takeSecret.bind(provisioner);
    let taken = 0;
    provisioner.takeSecret = async (...args) => {
      taken++;
      await refusals.opened;
      return take(...args);
    };
    let refused = 0;
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const answer = await ada.post(`${path}/reveal`);
        refused++;
        if (refused === 5) refusals.open();
        return answer;
      }),
    );
    expect(taken).toBe(1);
    const shown = answers.filter(({ status }) => status === 200);
    expect(shown).toHaveLength(1);
    expect(shown[0].headers['cache-control']).toBe('no-store');
    expect(shown[0].body).toEqual({
      clientId: own.clientId,
      clientSecret: provisioner.world.allSecrets.get(`${own.clientId}/1`),
      secretVersion: 1,
    });
    for (const { status, body } of answers.filter(answer => !answer.ok)) {
      expect(status).toBe(409);
      expect(body.error.message).toMatch(
        /was revealed to user:default\/ada at .* Rotate it to get a new one/,
      );
    }

    const { body: rotated } = await ada.post(`${path}/rotate`).expect(200);
    expect(rotated).toMatchObject({
      secretVersion: 2,
      secretState: 'available',
      rotatedAt: expect.any(String),
    });
    const { body: second } = await ada.post(`${path}/reveal`).expect(200);
    expect(second.clientSecret).not.toBe(shown[0].body.clientSecret);
    const { body: list } = await ada.get(APPLICATIONS).expect(200);
    expect(list.items[0]).toMatchObject({
      secretState: 'revealed',
      revealedBy: 'user:default/ada',
    });
  });

  it('keep their secret when it cannot be handed out just now', async () => {
    const { ada, own, provisioner } = await start();
    const path = `${APPLICATIONS}/${own.id}/reveal`;
    provisioner.takeSecretError = new Error('connect ECONNREFUSED');
    const { body } = await ada.post(path).expect(503);
    expect(body.error.message).not.toMatch(/ECONNREFUSED/);
    provisioner.takeSecretError = undefined;
    await ada.post(path).expect(200);
  });

  it('refuse to reveal what was taken without a record of it', async () => {
    const { ada, own, provisioner } = await start();
    provisioner.world.secrets.clear();
    const { body } = await ada
      .post(`${APPLICATIONS}/${own.id}/reveal`)
      .expect(409);
    expect(body.error.message).toMatch(/Rotate it to get a new one/);
  });

  it('answer unobserved while the environment does not follow, and 409 to a reveal', async () => {
    const { ada, own, provisioner } = await start();
    provisioner.intercept = async desired =>
      provisioner.outcome('Provisioning', desired);
    await ada.patch('/environments/invoice-bot', { models: ['fake.other'] });
    const path = `${APPLICATIONS}/${own.id}`;
    const { body: rotated } = await ada.post(`${path}/rotate`).expect(200);
    expect(rotated).toMatchObject({ observed: false, secretState: 'pending' });
    const { body } = await ada.post(`${path}/reveal`).expect(409);
    expect(body.error.message).toMatch(/still being made/);
  }, 10_000);

  it("leave the secret of the project's app to the environment", async () => {
    const { ada, app } = await start();
    const path = `${APPLICATIONS}/${app.id}`;
    for (const action of ['rotate', 'reveal']) {
      const { body } = await ada.post(`${path}/${action}`).expect(409);
      expect(body.error.message).toMatch(/managed by the environment/);
    }
    await ada.delete(path).expect(409);
    await ada.post(`${path}/disable`).expect(200);
    await ada.post(`${path}/enable`).expect(200);
  });

  it('leave no secret in the database, audit log, events or signals', async () => {
    const plugin = await start();
    const { ada, own, provisioner, knex, audited, published } = plugin;
    await ada.post(`${APPLICATIONS}/${own.id}/reveal`).expect(200);
    await ada.post(`${APPLICATIONS}/${own.id}/rotate`).expect(200);
    await ada.post(APPLICATIONS, { name: 'more' }).expect(201);

    const { body: events } = await ada.get('/environments/invoice-bot/events');
    const everything = [
      await dump(knex),
      JSON.stringify([audited, published, events]),
    ].join();
    expect(everything).toContain(own.clientId);
    expect(everything).toContain('CredentialRevealed');
    const secrets = [...provisioner.world.allSecrets.values()];
    expect(secrets).toHaveLength(3);
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });
});
