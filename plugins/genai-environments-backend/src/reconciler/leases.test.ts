import type { Knex } from 'knex';
import { createReplica, gate } from '../__testUtils__/createReplica';
import { createTestDatabases } from '../__testUtils__/databases';
import { FakeWorld } from '../__testUtils__/FakeProvisioner';
import { migrationsDirectory } from '../database/migrations';

describe.each(createTestDatabases().ids)('leases, %s', id => {
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

  it('never runs two steps of one environment at once, however many replicas', async () => {
    const world = new FakeWorld();
    const all = [1, 2, 3].map(n => replica({ world, name: `r${n}` }));
    for (const { provisioner } of all) {
      provisioner.intercept = () =>
        new Promise(resolve => setImmediate(resolve));
    }
    const names = Array.from({ length: 12 }, (_, n) => `env-${n}`);
    for (const name of names) await all[0].add(name);
    for (const { reconciler } of all) reconciler.start();

    await Promise.all(
      names.map(name =>
        Promise.race(
          all.map(({ waitFor }) =>
            waitFor(row => row.name === name && row.phase === 'Ready'),
          ),
        ),
      ),
    );
    expect(world.maxConcurrency).toBe(1);
    expect(world.environments.size).toBe(12);
  });

  it('takes over from a replica that was killed in the middle of a step', async () => {
    const world = new FakeWorld();
    const killed = replica({ world, name: 'killed' });
    const heir = replica({ world, name: 'heir' });
    const entered = gate();
    const forever = gate();
    killed.provisioner.intercept = async () => {
      entered.open();
      await forever.opened;
    };
    const { uid } = await killed.add();
    killed.reconciler.start();
    await entered.opened;
    killed.kill();

    heir.reconciler.start();
    await heir.waitFor(row => row.phase === 'Ready');

    // The dead one wakes up and wants to record what it saw: nobody listens.
    const { row: before } = await heir.read(uid);
    forever.open();
    await killed.reconciler.stop();
    const { row: after } = await heir.read(uid);
    expect(after).toEqual(before);
    expect(killed.records).toEqual([]);
  });

  it('keeps its lease during steps that last longer than it', async () => {
    const world = new FakeWorld();
    const slow = replica({ world, name: 'slow', leaseTtlMs: 150 });
    const other = replica({ world, name: 'other', leaseTtlMs: 150 });
    slow.provisioner.intercept = () =>
      new Promise(resolve => {
        setTimeout(resolve, 400);
      });
    await slow.add();
    slow.reconciler.start();
    other.reconciler.start();

    await slow.waitFor(row => row.phase === 'Ready');
    expect(other.provisioner.calls).toEqual([]);
  });

  it('aborts the step when the lease is lost', async () => {
    const { provisioner, reconciler, add, read, records } = replica({
      leaseTtlMs: 150,
    });
    const entered = gate();
    const aborted = gate();
    provisioner.intercept = async (_, { signal }) => {
      entered.open();
      await new Promise(resolve => {
        signal.addEventListener('abort', resolve);
      });
      aborted.open();
      throw signal.reason;
    };
    const { uid } = await add();
    reconciler.start();
    await entered.opened;
    await knex('environments')
      .where({ uid })
      .update({
        lease_owner: 'thief',
        lease_epoch: 99,
        lease_expires_at: Date.now() + 60_000,
      });
    await aborted.opened;
    expect((await read(uid)).row.lease_owner).toBe('thief');
    expect(records).toEqual([]);
  });

  it('releases its leases when it stops, so that others go on at once', async () => {
    const stopping = replica({ name: 'stopping', leaseTtlMs: 60_000 });
    const entered = gate();
    stopping.provisioner.intercept = async (_, { signal }) => {
      entered.open();
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const { uid } = await stopping.add();
    stopping.reconciler.start();
    await entered.opened;
    await stopping.reconciler.stop();

    const { row } = await stopping.read(uid);
    expect(row.lease_owner).toBeNull();
    expect(row.failures).toBe(0);

    const heir = replica({ world: stopping.provisioner.world });
    heir.reconciler.start();
    await heir.waitFor(({ phase }) => phase === 'Ready');
  });
});
