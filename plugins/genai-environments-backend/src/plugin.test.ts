import { createRequest, startPlugin } from './__testUtils__/startPlugin';
import { createTestDatabases } from './__testUtils__/databases';

describe('genaiEnvironmentsPlugin', () => {
  const { databases, ids } = createTestDatabases();

  it.each(ids)('creates, updates and tears down over HTTP, %s', async id => {
    const knex = await databases.init(id);
    const { ada, provisioner, waitForPhase, waitUntilGone, backend } =
      await startPlugin({ knex });

    const created = await ada.post('/environments', createRequest).expect(201);
    expect(created.body).toMatchObject({
      name: 'invoice-bot',
      owner: 'group:default/payments',
      createdBy: 'user:default/ada',
      generation: 1,
      status: { phase: 'Pending', observedGeneration: 0 },
    });

    const ready = await waitForPhase('invoice-bot', 'Ready');
    expect(ready.status.outputs.endpoint).toBe('http://127.0.0.1:1');
    expect(provisioner.world.environments.size).toBe(1);

    const patched = await ada
      .patch('/environments/invoice-bot', { models: ['fake.other'] })
      .expect(200);
    expect(patched.body).toMatchObject({
      generation: 2,
      status: { phase: 'Updating' },
    });
    await waitForPhase('invoice-bot', 'Ready');
    expect(provisioner.calls.at(-1)?.spec.models).toEqual(['fake.other']);

    await ada.delete('/environments/invoice-bot').expect(202);
    await waitUntilGone('invoice-bot');
    expect(provisioner.world.environments.size).toBe(0);

    await ada.post('/environments', createRequest).expect(201);
    await backend.stop();
    expect(provisioner.isShutDown).toBe(true);
  });
});
