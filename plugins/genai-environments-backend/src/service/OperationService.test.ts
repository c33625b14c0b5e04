import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

const PATH = '/environments/invoice-bot';
const SCALE = `${PATH}/services/model-invocation/scale`;
const RESTART = `${PATH}/services/app/restart`;

describe.each(createTestDatabases().ids)('operations, %s', id => {
  const { databases } = createTestDatabases();

  const start = async () => {
    const knex = await databases.init(id);
    const plugin = await startPlugin({ knex });
    await plugin.ada.post('/environments', createRequest).expect(201);
    await plugin.waitForPhase(createRequest.name, 'Ready');
    const storedSpec = async () =>
      JSON.parse((await knex('environments').first()).spec);
    const reasons = async (): Promise<string[]> =>
      (await plugin.ada.get(`${PATH}/events`)).body.items.map(
        ({ reason }: { reason: string }) => reason,
      );
    return { knex, storedSpec, reasons, ...plugin };
  };

  describe('scaling', () => {
    it('is a wish in the spec, which the provisioner is given', async () => {
      const { ada, waitForPhase, provisioner, ...plugin } = await start();
      const asked = await ada.post(SCALE, { tasks: 3 }).expect(202);
      expect(asked.body).toMatchObject({
        generation: 2,
        spec: { tasks: { 'model-invocation': 3 } },
        status: { phase: 'Updating' },
      });
      await ada.post(`${PATH}/services/app/scale`, { tasks: 2 }).expect(202);
      await waitForPhase('invoice-bot', 'Ready');
      const tasks = { 'model-invocation': 3, app: 2 };
      expect(provisioner.calls.at(-1)!.spec.tasks).toEqual(tasks);
      expect((await plugin.storedSpec()).tasks).toEqual(tasks);
      const { items } = (await ada.get(`${PATH}/events`)).body;
      expect(items).toContainEqual(
        expect.objectContaining({
          reason: 'ScaleRequested',
          message:
            'Service model-invocation was asked to run at least 3 tasks.',
          actor: 'user:default/ada',
        }),
      );
      expect(plugin.audited).toContainEqual({
        eventId: 'environment-scale',
        result: 'success',
        text: expect.stringContaining('"service":"model-invocation"'),
      });
    });

    it('changes nothing when repeated', async () => {
      const { ada, waitForPhase, knex } = await start();
      await ada.post(SCALE, { tasks: 3 }).expect(202);
      const before = await waitForPhase('invoice-bot', 'Ready');
      const [{ last_sequence: last }] = await knex('environments');
      const again = await ada.post(SCALE, { tasks: 3 }).expect(202);
      expect(again.body).toEqual(before);
      expect((await knex('environments').first()).last_sequence).toBe(last);
    });

    it.each<[string, object, RegExp]>([
      [
        'none',
        { tasks: 0 },
        /"tasks" must be at least 1; hibernate the environment to stop it; received 0\./,
      ],
      ['many', { tasks: 11 }, /"tasks" must be at most 10; received 11\./],
      [
        'half a task',
        { tasks: 1.5 },
        /"tasks" must be a whole number; received 1\.5\./,
      ],
      [
        'a word',
        { tasks: 'two' },
        /"tasks" must be a .*number; received "two"/,
      ],
      ['nothing', {}, /"tasks" is required/],
      ['a typing error', { tasks: 1, task: 2 }, /Unknown field "task"/],
    ])('refuses %s', async (_, body, sentence) => {
      const { ada, storedSpec, audited } = await start();
      const refused = await ada.post(SCALE, body).expect(400);
      expect(refused.body.error.message).toMatch(sentence);
      expect(await storedSpec()).not.toHaveProperty('tasks');
      expect(audited.at(-1)).toMatchObject({
        eventId: 'environment-scale',
        result: 'failure',
      });
    });

    it('refuses where the provisioner cannot, and while it is torn down', async () => {
      const { ada, provisioner, storedSpec } = await start();
      provisioner.canScale = false;
      const refused = await ada.post(SCALE, { tasks: 2 }).expect(409);
      expect(refused.body.error.message).toMatch(/"Fake" cannot be scaled/);
      provisioner.canScale = true;
      provisioner.intercept = async desired =>
        provisioner.outcome('Deleting', desired);
      await ada.delete(PATH).expect(202);
      await ada.post(SCALE, { tasks: 2 }).expect(409);
      expect(await storedSpec()).not.toHaveProperty('tasks');
    });

    it('of an environment that sleeps takes effect once it is awake', async () => {
      const { ada, waitForPhase, provisioner } = await start();
      await ada.post(`${PATH}/hibernate`, {}).expect(202);
      await waitForPhase('invoice-bot', 'Hibernated');
      const asked = await ada.post(SCALE, { tasks: 4 }).expect(202);
      expect(asked.body.status.phase).toBe('Hibernating');
      const asleep = await waitForPhase('invoice-bot', 'Hibernated');
      expect(asleep.spec.tasks).toEqual({ 'model-invocation': 4 });

      await ada.post(`${PATH}/wake`, {}).expect(202);
      await waitForPhase('invoice-bot', 'Ready');
      expect(provisioner.calls.at(-1)!.spec).toMatchObject({
        tasks: { 'model-invocation': 4 },
      });
    });
  });

  describe('restarting', () => {
    it('is a wish in the spec, later with each request', async () => {
      const { ada, waitForPhase, ...plugin } = await start();
      const asked = await ada.post(RESTART).expect(202);
      expect(asked.body).toMatchObject({
        generation: 2,
        status: { phase: 'Updating' },
      });
      const first = asked.body.spec.restarts.app;
      await waitForPhase('invoice-bot', 'Ready');
      const { body } = await ada.post(RESTART).expect(202);
      expect(body.generation).toBe(3);
      expect(Date.parse(body.spec.restarts.app)).toBeGreaterThan(
        Date.parse(first),
      );
      await waitForPhase('invoice-bot', 'Ready');
      const { calls } = plugin.provisioner;
      expect(calls.at(-1)!.spec.restarts).toEqual(body.spec.restarts);
      expect((await plugin.storedSpec()).restarts).toEqual(body.spec.restarts);
      expect(await plugin.reasons()).toContain('RestartRequested');
      expect(plugin.audited).toContainEqual({
        eventId: 'environment-restart',
        result: 'success',
        text: expect.stringContaining('"service":"app"'),
      });
    });

    it('refuses while the environment sleeps, and says what helps', async () => {
      const { ada, waitForPhase, storedSpec } = await start();
      await ada.post(`${PATH}/hibernate`, {}).expect(202);
      await waitForPhase('invoice-bot', 'Hibernated');
      const refused = await ada.post(RESTART).expect(409);
      expect(refused.body.error.message).toMatch(/is hibernated.*Wake it/);
      expect(await storedSpec()).not.toHaveProperty('restarts');
    });

    it('refuses while the environment is torn down', async () => {
      const { ada, provisioner, storedSpec } = await start();
      provisioner.intercept = async desired =>
        provisioner.outcome('Deleting', desired);
      await ada.delete(PATH).expect(202);
      await ada.post(RESTART).expect(409);
      expect(await storedSpec()).not.toHaveProperty('restarts');
    });
  });

  it.each([
    ['scale', 'vectorization'],
    ['restart', 'vectorization'],
    ['restart', 'no-such-thing'],
  ])('answers 404 to %s %s, which does not run', async (action, service) => {
    const { ada, storedSpec } = await start();
    const before = await storedSpec();
    const { body } = await ada
      .post(`${PATH}/services/${service}/${action}`, { tasks: 2 })
      .expect(404);
    expect(body.error.message).toBe(
      `Environment invoice-bot runs no service "${service}". It runs: model-invocation, app.`,
    );
    expect(await storedSpec()).toEqual(before);
    await ada
      .post(`/environments/no-bot/services/app/${action}`, { tasks: 2 })
      .expect(404);
  });

  it('leave a repeat of the request that made the environment one', async () => {
    const { ada, waitForPhase } = await start();
    await ada.post(SCALE, { tasks: 3 }).expect(202);
    await ada.post(RESTART).expect(202);
    const { uid } = await waitForPhase('invoice-bot', 'Ready');
    const again = await ada.post('/environments', createRequest).expect(200);
    expect(again.body.uid).toBe(uid);
    await ada
      .post('/environments', { ...createRequest, tasks: { app: 2 } })
      .expect(400);
  });
});
