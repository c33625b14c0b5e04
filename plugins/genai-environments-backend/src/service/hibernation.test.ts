import type { DesiredEnvironment } from '@genai-environments/backstage-plugin-genai-environments-node';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

const PATH = '/environments/invoice-bot';

describe.each(createTestDatabases().ids)('hibernation, %s', id => {
  const { databases } = createTestDatabases();

  const start = async () => {
    const knex = await databases.init(id);
    const plugin = await startPlugin({ knex });
    await plugin.ada.post('/environments', createRequest).expect(201);
    const { name } = createRequest;
    await plugin.waitForPhase(name, 'Ready');
    return { knex, ...plugin };
  };

  it('puts an environment to sleep, and wakes it', async () => {
    const { ada, waitForPhase, audited, provisioner } = await start();
    const asked = await ada.post(`${PATH}/hibernate`, {}).expect(202);
    expect(asked.body).toMatchObject({
      generation: 2,
      spec: { hibernated: true },
      status: { phase: 'Hibernating' },
    });
    await waitForPhase('invoice-bot', 'Hibernated');
    await ada.post(`${PATH}/hibernate`, {}).expect(202);
    expect((await ada.get(PATH)).body.generation).toBe(2);

    await ada.post(`${PATH}/wake`, {}).expect(202);
    await waitForPhase('invoice-bot', 'Ready');
    const { body } = await ada.get(PATH);
    expect(body.generation).toBe(3);
    expect(body.spec).not.toHaveProperty('hibernated');
    expect(provisioner.calls.at(-1)!.spec).toEqual(body.spec);
    const events = (await ada.get(`${PATH}/events`)).body.items;
    expect(events.map(({ reason }: { reason: string }) => reason)).toEqual(
      expect.arrayContaining(['HibernationRequested', 'WakeRequested']),
    );
    expect(audited).toContainEqual(
      expect.objectContaining({ eventId: 'environment-hibernate' }),
    );
  });

  it('refuses where the provisioner cannot, and while it is torn down', async () => {
    const { ada, provisioner, knex } = await start();
    provisioner.canHibernate = false;
    const refused = await ada.post(`${PATH}/hibernate`, {}).expect(409);
    expect(refused.body.error.message).toMatch(/cannot be hibernated/);
    provisioner.canHibernate = true;
    provisioner.intercept = async desired =>
      provisioner.outcome('Deleting', desired);
    await ada.delete(PATH).expect(202);
    await ada.post(`${PATH}/hibernate`, {}).expect(409);
    const [{ spec }] = await knex('environments');
    expect(JSON.parse(spec)).not.toHaveProperty('hibernated');
  });

  it('keeps the client ids that an issuer chose, and knows what is in force', async () => {
    const knex = await databases.init(id);
    const { ada, provisioner, waitForPhase } = await startPlugin({ knex });
    let tell: (desired: DesiredEnvironment) => void;
    const seen = new Promise<DesiredEnvironment>(resolve => {
      tell = resolve;
    });
    provisioner.intercept = async desired => {
      if (desired.applicationsObserved) tell(desired);
      return provisioner.outcome('Ready', desired, {
        observedGeneration: desired.generation,
        requeueAfterMs: 20,
        applications: desired.applications.map(application => ({
          id: application.id,
          revision: application.revision,
          clientId: `chosen-${application.id}`,
        })),
      });
    };
    await ada.post('/environments', createRequest).expect(201);
    await waitForPhase('invoice-bot', 'Ready');
    const { items } = (await ada.get(`${PATH}/applications`)).body;
    expect(items[0].clientId).toBe(`chosen-${items[0].id}`);
    const { applications } = await seen;
    expect(applications[0].clientId).toBe(`chosen-${applications[0].id}`);
    expect(provisioner.calls[0].applicationsObserved).toBe(false);
  });
});
