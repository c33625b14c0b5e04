import type { Knex } from 'knex';
import { createReplica, gate } from '../__testUtils__/createReplica';
import { createTestDatabases } from '../__testUtils__/databases';
import { migrationsDirectory } from '../database/migrations';
import { requestDeletion } from '../service/deletion';

describe.each(createTestDatabases().ids)('Reconciler, %s', id => {
  const { databases } = createTestDatabases();
  const replicas: Array<ReturnType<typeof createReplica>> = [];
  let knex: Knex;

  const replica = (
    options: Partial<Parameters<typeof createReplica>[0]> = {},
  ) => {
    const created = createReplica({ knex, ...options });
    replicas.push(created);
    return created;
  };

  beforeEach(async () => {
    knex = await databases.init(id);
    await knex.migrate.latest({ directory: migrationsDirectory });
  });

  afterEach(async () => {
    const all = replicas.splice(0);
    await Promise.all(all.map(({ reconciler }) => reconciler.stop()));
  });

  it('takes an environment to Ready and to Deleted, with every step recorded', async () => {
    const { reconciler, add, environments, waitFor, read, eventsOf } =
      replica();
    const { uid } = await add();
    reconciler.start();
    await waitFor(row => row.phase === 'Ready');

    await environments.change(uid, row =>
      requestDeletion(row, {
        at: Date.now(),
        by: 'user:default/ada',
        event: { type: 'Normal', reason: 'DeletionRequested', message: '.' },
      }),
    );
    reconciler.wake();
    await waitFor(row => row.phase === 'Deleted');

    const { row, environment } = await read(uid);
    expect(row.active_name).toBeNull();
    expect(row.next_reconcile_at).toBeNull();
    expect(environment.status.phase).toBe('Deleted');
    expect(await knex('applications')).toEqual([]);
    const events = await eventsOf(uid);
    expect(events.map(event => event.sequence)).toEqual(
      events.map((_, index) => index + 1),
    );
    expect(events.map(({ phase, reason }) => `${phase} ${reason}`)).toEqual([
      'Pending Created',
      'Provisioning Provisioning',
      'Ready Ready',
      'Deleting DeletionRequested',
      'Deleted Deleted',
    ]);
    expect(row.last_sequence).toBe(5);
  });

  it('records a failure once per message, backs off, and recovers', async () => {
    const { provisioner, reconciler, add, waitFor, eventsOf } = replica();
    let attempts = 0;
    provisioner.intercept = async () => {
      attempts++;
      if (attempts <= 3) throw new Error('The region is on fire.');
      if (attempts === 4) throw new Error('The region is under water.');
    };
    const { uid } = await add();
    reconciler.start();
    const failed = await waitFor(row => row.failures === 2);
    expect(JSON.parse(failed.status)).toMatchObject({
      phase: 'Pending',
      conditions: [
        {
          type: 'Reconciled',
          status: 'False',
          message: 'The region is on fire.',
          nextAction: expect.stringMatching(/tried again by itself/),
        },
      ],
    });
    // Two failures: at least half of the doubled initial delay.
    expect(Number(failed.next_reconcile_at)).toBeGreaterThanOrEqual(
      Number(failed.updated_at) + 20,
    );

    const ready = await waitFor(row => row.phase === 'Ready');
    expect(ready.failures).toBe(0);
    expect(JSON.parse(ready.status).conditions).toEqual([
      expect.objectContaining({ type: 'Reconciled', status: 'True' }),
    ]);
    const warnings = (await eventsOf(uid)).filter(
      ({ type }) => type === 'Warning',
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'The region is on fire.',
      'The region is under water.',
    ]);
  });

  it('does not lose a wish that arrives during a step', async () => {
    const { provisioner, reconciler, add, environments, waitFor } = replica();
    // The step asks to be left alone for a minute afterwards.
    provisioner.totalSteps = 1;
    const entered = gate();
    const finish = gate();
    provisioner.intercept = async ({ deletionRequested }) => {
      if (deletionRequested) return;
      entered.open();
      await finish.opened;
    };
    const { uid } = await add();
    reconciler.start();
    await entered.opened;
    await environments.change(uid, row =>
      requestDeletion(row, {
        at: Date.now(),
        by: 'user:default/ada',
        event: { type: 'Normal', reason: 'DeletionRequested', message: '.' },
      }),
    );
    finish.open();

    await waitFor(row => row.phase === 'Deleted');
    expect(provisioner.world.environments.size).toBe(0);
  });

  it('looks at once when the provisioner hints, but keeps the backoff of failing ones', async () => {
    const { provisioner, reconciler, add, waitFor, read, environments } =
      replica();
    const { uid } = await add();
    reconciler.start();
    await waitFor(row => row.phase === 'Ready');

    provisioner.intercept = async desired =>
      provisioner.outcome('Degraded', desired);
    provisioner.hint(uid);
    await waitFor(row => row.phase === 'Degraded');

    const later = Date.now() + 60_000;
    await knex('environments')
      .where({ uid })
      .update({ failures: 3, next_reconcile_at: later });
    await environments.hint([uid]);
    expect(Number((await read(uid)).row.next_reconcile_at)).toBe(later);
  });

  // A hint that could not be written was forgotten.
  it('keeps a hint that the database did not take for the next poll', async () => {
    const { provisioner, reconciler, add, waitFor, environments } = replica();
    const { uid } = await add();
    reconciler.start();
    await waitFor(row => row.phase === 'Ready');

    jest
      .spyOn(environments, 'hint')
      .mockRejectedValueOnce(new Error('The database restarts.'));
    provisioner.intercept = async desired =>
      provisioner.outcome('Degraded', desired);
    provisioner.hint(uid);
    await waitFor(row => row.phase === 'Degraded');
    expect(environments.hint).toHaveBeenCalledTimes(2);
  });

  it('treats an unasked deletion and a missing provisioner as failures', async () => {
    const { provisioner, reconciler, add, waitFor, read } = replica();
    provisioner.intercept = async desired =>
      provisioner.outcome('Deleted', desired);
    const { uid } = await add('unasked');
    const orphan = await add('orphan');
    await knex('environments')
      .where({ uid: orphan.uid })
      .update({
        spec: JSON.stringify({
          ...JSON.parse(orphan.spec),
          provisioner: 'gone',
        }),
      });
    reconciler.start();
    await waitFor(row => row.name === 'unasked' && row.failures > 0);
    await waitFor(row => row.name === 'orphan' && row.failures > 0);

    expect((await read(uid)).row.active_name).toBe('unasked');
    const [condition] = (await read(orphan.uid)).environment.status.conditions;
    expect(condition.message).toMatch(/"gone" is not installed/);
  });

  it('asks a step that takes too long to give up', async () => {
    const { provisioner, reconciler, add, waitFor } = replica({
      stepTimeoutMs: 50,
    });
    provisioner.intercept = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    await add();
    reconciler.start();
    const failed = await waitFor(row => row.failures === 1);
    expect(failed.lease_owner).toBe('replica');
  });

  it('respects its concurrency', async () => {
    const { provisioner, reconciler, add, waitFor } = replica({
      concurrency: 2,
    });
    const full = gate();
    let running = 0;
    let most = 0;
    provisioner.intercept = async () => {
      running++;
      most = Math.max(most, running);
      if (running === 2) full.open();
      await full.opened;
      // Time for a third one to come, if it could.
      for (let n = 0; n < 5; n++) await knex('environments').first();
      running--;
    };
    const names = ['env-a', 'env-b', 'env-c', 'env-d', 'env-e'];
    for (const name of names) await add(name);
    reconciler.start();
    for (const name of names) {
      await waitFor(row => row.name === name && row.phase === 'Ready');
    }
    expect(most).toBe(2);
  });

  it('looks for due work through an index, however many environments rest', async () => {
    const { leases, add } = replica();
    const template = await add('template');
    const rows = Array.from({ length: 2_000 }, (_, n) => ({
      ...template,
      uid: `uid-${n}`,
      name: `resting-${n}`,
      active_name: `resting-${n}`,
      next_reconcile_at: Date.now() + 3_600_000,
    }));
    await knex.batchInsert('environments', rows, 20);

    const queries: Array<{ sql: string; bindings: unknown[] }> = [];
    knex.on('query', query => queries.push(query));
    const taken = await leases.takeDue(5);
    expect(taken.map(({ name }) => name)).toEqual(['template']);

    const [{ sql, bindings }] = queries;
    await knex.raw('analyze environments');
    const explain = id === 'SQLITE_3' ? 'explain query plan' : 'explain';
    const plan = await knex.raw(
      `${explain} ${sql.replace(/\$\d+/g, '?')}`,
      bindings as [],
    );
    expect(JSON.stringify(plan.rows ?? plan)).toContain('environments_due_idx');
  });
});
