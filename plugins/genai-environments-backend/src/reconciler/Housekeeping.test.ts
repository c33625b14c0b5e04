import type { Knex } from 'knex';
import { createReplica } from '../__testUtils__/createReplica';
import { createTestDatabases } from '../__testUtils__/databases';
import { migrationsDirectory } from '../database/migrations';
import type { EnvironmentRow } from '../database/rows';
import { Housekeeping } from './Housekeeping';

const HOUR_MS = 3_600_000;
const RETENTION_MS = 24 * HOUR_MS;

describe.each(createTestDatabases().ids)('Housekeeping, %s', id => {
  const { databases } = createTestDatabases();
  let knex: Knex;
  let time: number;
  let changed: EnvironmentRow[];

  beforeEach(async () => {
    knex = await databases.init(id);
    await knex.migrate.latest({ directory: migrationsDirectory });
    time = Date.parse('2026-01-01T00:00:00Z');
    changed = [];
  });

  const create = () => {
    const replica = createReplica({ knex, now: () => time });
    const housekeeping = new Housekeeping({
      knex,
      environments: replica.environments,
      now: () => time,
      retentionMs: RETENTION_MS,
      onChanged: row => changed.push(row),
    });
    return { ...replica, housekeeping };
  };

  it('warns once before the end of an environment, then requests its teardown', async () => {
    const { add, housekeeping, eventsOf, read } = create();
    const { uid } = await add();
    const reasons = async () =>
      (await eventsOf(uid)).map(({ reason }) => reason);

    time += 0.89 * HOUR_MS;
    await housekeeping.run();
    expect(await reasons()).toEqual(['Created']);

    time += 0.02 * HOUR_MS;
    await housekeeping.run();
    await housekeeping.run();
    expect(await reasons()).toEqual(['Created', 'ExpiresSoon']);
    expect((await eventsOf(uid))[1].message).toContain(
      '2026-01-01T01:00:00.000Z',
    );

    time += 0.1 * HOUR_MS;
    await housekeeping.run();
    await housekeeping.run();
    expect(await reasons()).toEqual(['Created', 'ExpiresSoon', 'Expired']);
    const { row, environment } = await read(uid);
    expect(environment).toMatchObject({
      deletionRequestedBy: 'expired',
      status: { phase: 'Deleting' },
    });
    expect(Number(row.next_reconcile_at)).toBe(time);
    expect(changed.map(({ phase }) => phase)).toEqual(['Pending', 'Deleting']);
  });

  it('forgets deleted environments after their retention, others never', async () => {
    const { add, housekeeping } = create();
    const gone = await add('gone');
    const kept = await add('kept');
    await knex('environments')
      .whereIn('uid', [gone.uid, kept.uid])
      .update({ expires_at: null, expiry_warning_at: null });
    await knex('environments')
      .where('uid', gone.uid)
      .update({ active_name: null, deleted_at: time });

    time += RETENTION_MS - 1;
    await housekeeping.run();
    expect(await knex('environments')).toHaveLength(2);

    time += 1;
    await housekeeping.run();
    expect(await knex('environments').select('name')).toEqual([
      { name: 'kept' },
    ]);
    expect(
      await knex('environment_events').distinct('environment_uid'),
    ).toEqual([{ environment_uid: kept.uid }]);
  });

  it('works through more environments than one query takes', async () => {
    const { add, housekeeping } = create();
    const template = await add('template');
    const rows = Array.from({ length: 120 }, (_, n) => ({
      ...template,
      uid: `uid-${n}`,
      name: `env-${n}`,
      active_name: `env-${n}`,
      last_sequence: 0,
    }));
    await knex.batchInsert('environments', rows, 20);
    time += 2 * HOUR_MS;
    await housekeeping.run();
    const waiting = await knex('environments').whereNull(
      'deletion_requested_at',
    );
    expect(waiting).toEqual([]);
  });
});
