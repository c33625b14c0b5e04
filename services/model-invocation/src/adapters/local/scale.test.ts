import { createLogger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, DatabaseSync } from 'node:sqlite';
import { createAccounting } from '../../createAccounting';
import { fillLargeDatabase } from '../../testing/fillLargeDatabase';
import { openModelDatabase } from './database';
import { createSqliteRecords } from './openSqliteRecords';

const DAYS = 30;
const NOW = Date.parse('2026-01-30T12:00:00Z');
const MONTH = { from: '2026-01-01', to: '2026-01-30' };

/** Every statement that is prepared from now on. */
function watchStatements(database: DatabaseSync): string[] {
  const statements: string[] = [];
  const prepare = database.prepare.bind(database);
  database.prepare = sql => {
    statements.push(sql);
    return prepare(sql);
  };
  return statements;
}

function plansOf(database: DatabaseSync, statements: string[]): string[] {
  return statements.flatMap(sql =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...(Array(sql.split('?').length - 1).fill(1) as number[]))
      .map(row => String(row.detail)),
  );
}

describe('1,000 applications and 1 million calls in the log', () => {
  const logger = createLogger({ level: 'silent' });
  const clock = { now: () => NOW };
  let dataDirectory: string;
  let database: DatabaseSync;
  let accounting: ReturnType<typeof createAccounting>;

  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'model-scale-'));
    database = openModelDatabase({ dataDirectory });
    fillLargeDatabase(database);
  }, 300_000);
  afterAll(() => {
    database.close();
    rmSync(dataDirectory, { recursive: true });
  });
  let statements: string[];

  beforeEach(() => {
    database.setAuthorizer(null);
    statements = watchStatements(database);
    accounting = createAccounting({
      records: createSqliteRecords({ database, logger, clock }),
      ...{ logger, clock },
      priceOf: () => 0,
    });
  });
  afterEach(() => accounting.close());

  function forbidLog() {
    database.setAuthorizer((action, table) =>
      action === constants.SQLITE_READ && table === 'invocation_log'
        ? constants.SQLITE_DENY
        : constants.SQLITE_OK,
    );
  }

  it('answers usage from counters, without the right to read the log', async () => {
    forbidLog();
    expect(() =>
      database.prepare('SELECT max(at) FROM invocation_log'),
    ).toThrow('prohibited');
    const sums = await accounting.usage.sumByModel('app-0500', MONTH);
    expect(sums).toHaveLength(3);
    expect(sums[0]).toMatchObject({ model: 'model-0', invocations: 330 });
    const days = await accounting.usage.query({
      ...MONTH,
      clientId: 'app-0500',
    });
    expect(days).toHaveLength(DAYS * 3);
  });

  it('holds and shows budgets without the right to read the log', async () => {
    forbidLog();
    const reservation = await accounting.gate.reserve({
      clientId: 'app-0500',
      model: 'm',
      inputTokens: 100,
      maxOutputTokens: 0,
    });
    reservation.settle({ inputTokens: 40, outputTokens: 0 });
    expect(await accounting.limits.getState('app-0500')).toMatchObject([
      { name: 'tokensPerMonth', used: 540, left: 999_460 },
    ]);
  });

  it('reads through indexes: no table is read from end to end', async () => {
    await accounting.usage.sumByModel('app-0500', MONTH);
    await accounting.usage.query({ ...MONTH, clientId: 'app-0500' });
    await accounting.log.page('app-0500', { limit: 10, cursor: '900000' });
    await accounting.limits.getState('app-0500');
    const plans = plansOf(database, [...statements]);
    // The one row of the revision; settings, read when it changes.
    expect(plans.filter(plan => plan.startsWith('SCAN'))).toEqual([
      'SCAN limit_revision',
      'SCAN limit_setting',
    ]);
    expect(plans).toEqual(
      expect.arrayContaining([
        expect.stringContaining('usage_by_client (client_id=? AND day>?'),
        expect.stringContaining('invocation_log_by_client (client_id=?'),
        expect.stringContaining('SEARCH limit_meter USING PRIMARY KEY'),
      ]),
    );
  });

  it('reads one row of the log more than a page shows, and sorts none', async () => {
    const page = await accounting.log.page('app-0500', { limit: 10 });
    expect(page.items).toHaveLength(10);
    const sql = statements[statements.length - 1];
    expect(sql).toMatch(/ORDER BY sequence DESC LIMIT \?$/);
    expect(plansOf(database, [sql])).toEqual([
      'SEARCH invocation_log USING INDEX invocation_log_by_client (client_id=? AND sequence<?)',
    ]);
  });

  it('removes old calls from the beginning of the log, a slice at a time', async () => {
    expect(await accounting.log.deleteOlder(NOW, 500)).toBe(500);
    const plan = plansOf(database, statements.slice(-1));
    expect(plan).toContain(
      'SEARCH invocation_log USING INTEGER PRIMARY KEY (rowid=?)',
    );
    const first = database
      .prepare('SELECT min(sequence) AS first FROM invocation_log')
      .get();
    expect(first).toEqual({ first: 501 });
  });
});
