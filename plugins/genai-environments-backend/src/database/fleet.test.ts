import type { Knex } from 'knex';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest } from '../__testUtils__/startPlugin';
import { newEnvironment } from '../service/admission';
import { EnvironmentStore } from './EnvironmentStore';
import { LeaseStore } from './LeaseStore';
import { migrationsDirectory } from './migrations';

const FLEET_SIZE = 2_000;
const DAY_MS = 86_400_000;

jest.setTimeout(60_000);

describe.each(createTestDatabases().ids)('a fleet at rest, %s', id => {
  const { databases } = createTestDatabases();
  let knex: Knex;
  const queries: string[] = [];

  beforeAll(async () => {
    knex = await databases.init(id);
    await knex.migrate.latest({ directory: migrationsDirectory });
    const now = Date.now();
    const rows = Array.from({ length: FLEET_SIZE }, (_, index) => {
      const { row } = newEnvironment({
        request: { ...createRequest, name: `resting-${index}` },
        createdBy: 'user:default/ada',
        lifetimeMs: DAY_MS,
        now,
      });
      return { ...row, next_reconcile_at: now + DAY_MS };
    });
    await knex.batchInsert('environments', rows, 20);
    knex.on('query', ({ sql }) => queries.push(sql));
  });

  beforeEach(() => {
    queries.length = 0;
  });

  it('costs the reconciler one query for what is due, by its index', async () => {
    const leases = new LeaseStore({
      knex,
      now: Date.now,
      owner: 'replica',
      ttlMs: 1_000,
    });
    expect(await leases.takeDue(4)).toEqual([]);
    expect(queries).toHaveLength(1);
    if (id !== 'SQLITE_3') return;

    const plan = await knex.raw(
      `explain query plan ${queries[0].replaceAll('?', '1')}`,
    );
    expect(JSON.stringify(plan)).toContain('environments_due_idx');
  });

  it('is listed by one query a page', async () => {
    const environments = new EnvironmentStore({ knex, now: Date.now });
    const page = await environments.list({ limit: 201 });
    expect(page).toHaveLength(201);
    expect(queries).toHaveLength(1);
  });
});
