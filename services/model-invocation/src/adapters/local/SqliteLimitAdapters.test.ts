import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { limitLedgerContract } from '../../ports/testing/limitLedgerContract';
import { limitSettingsContract } from '../../ports/testing/limitSettingsContract';
import { openModelDatabase } from './database';
import { SqliteLimitLedger } from './SqliteLimitLedger';
import { SqliteLimitSettings } from './SqliteLimitSettings';

function makeStorage() {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'limits-sqlite-'));
  const databases: DatabaseSync[] = [];
  return {
    connect() {
      const database = openModelDatabase({ dataDirectory });
      databases.push(database);
      return database;
    },
    async tearDown() {
      for (const database of databases) database.close();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

describe('SqliteLimitLedger', () => {
  limitLedgerContract({
    async setUp(clock) {
      const { connect, tearDown } = makeStorage();
      return {
        open: () => new SqliteLimitLedger({ database: connect(), clock }),
        tearDown,
      };
    },
  });

  it('removes counters of long ago, not those that hold', async () => {
    const { connect, tearDown } = makeStorage();
    const database = connect();
    const add = database.prepare(
      `INSERT INTO limit_meter VALUES (?, 'environment', ?, 1)`,
    );
    for (let n = 0; n < 1200; n++) add.run(`2020-01-0${n % 7}`, `n${n}`);
    for (const period of ['2025-12', '2026-01', '2026-01-31']) {
      add.run(period, 'tokensPerDay');
    }
    const clock = { now: () => Date.parse('2026-01-31T12:00:00Z') };
    const ledger = new SqliteLimitLedger({ database, clock });
    for (let slice = 0; slice < 3; slice++) ledger.giveBack([]);
    expect(database.prepare('SELECT period FROM limit_meter').all()).toEqual([
      { period: '2025-12' },
      { period: '2026-01' },
      { period: '2026-01-31' },
    ]);
    await tearDown();
  });
});

describe('SqliteLimitSettings', () => {
  limitSettingsContract({
    async setUp(clock) {
      const { connect, tearDown } = makeStorage();
      return {
        open: () => new SqliteLimitSettings({ database: connect(), clock }),
        tearDown,
      };
    },
  });
});
