import { createTestDatabases } from '../__testUtils__/databases';
import { migrationsDirectory } from './migrations';

const TABLES = [
  'environments',
  'environment_events',
  'applications',
  'admission_lock',
];

describe('migrations', () => {
  const { databases, ids } = createTestDatabases();

  it.each(ids)('go up, down without a trace, and up again, %s', async id => {
    const knex = await databases.init(id);
    const migrator = { directory: migrationsDirectory };
    const existing = async () => {
      const found = await Promise.all(
        TABLES.map(table => knex.schema.hasTable(table)),
      );
      return TABLES.filter((_, index) => found[index]);
    };

    await knex.migrate.latest(migrator);
    expect(await existing()).toEqual(TABLES);
    await knex.migrate.rollback(migrator, true);
    expect(await existing()).toEqual([]);
    await knex.migrate.latest(migrator);
    expect(await existing()).toEqual(TABLES);
    expect(await knex('admission_lock').select('id')).toEqual([{ id: 1 }]);
  });

  it.each(ids)(
    'keep names unique among those that exist only, %s',
    async id => {
      const knex = await databases.init(id);
      await knex.migrate.latest({ directory: migrationsDirectory });
      const row = (uid: string, activeName: string | null) => ({
        uid,
        name: 'bot',
        active_name: activeName,
        owner: 'group:default/a',
        tier: 'sandbox',
        created_by: 'user:default/a',
        request_hash: '',
        spec: '{}',
        generation: 1,
        created_at: 1,
        updated_at: 1,
        status: '{}',
        phase: 'Pending',
        observed_generation: 0,
        last_sequence: 0,
        wake_count: 0,
        failures: 0,
        lease_epoch: 0,
      });
      await knex('environments').insert(row('1', null));
      await knex('environments').insert(row('2', null));
      await knex('environments').insert(row('3', 'bot'));
      await expect(
        knex('environments').insert(row('4', 'bot')),
      ).rejects.toThrow(/unique/i);
    },
  );
});
