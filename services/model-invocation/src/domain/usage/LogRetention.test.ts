import { createLogger } from '@genai-environments/service-kit';
import { DatabaseSync } from 'node:sqlite';
import { SqliteInvocationLog } from '../../adapters/local/SqliteInvocationLog';
import { openModelDatabase } from '../../adapters/local/database';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogRetention } from './LogRetention';

const DAY_MS = 86_400_000;
const logger = createLogger({ level: 'silent' });

describe('LogRetention', () => {
  let dataDirectory: string;
  let database: DatabaseSync;
  let log: SqliteInvocationLog;
  const now = 100 * DAY_MS;

  beforeEach(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'retention-'));
    database = openModelDatabase({ dataDirectory });
    log = new SqliteInvocationLog({ database, logger });
  });
  afterEach(async () => {
    await log.close();
    database.close();
    rmSync(dataDirectory, { recursive: true });
  });

  function record(ageDays: number, count: number) {
    for (let i = 0; i < count; i++) {
      log.record({
        clientId: 'a',
        model: 'm',
        status: 'succeeded',
        inputTokens: 1,
        outputTokens: 1,
        costMicroUsd: 0,
        durationMs: 1,
        cached: false,
        at: now - ageDays * DAY_MS,
      });
    }
  }
  const left = () =>
    database.prepare('SELECT count(*) AS n FROM invocation_log').get();

  it('removes what is older than 30 days, over many slices', async () => {
    record(31, 4500);
    record(30, 3);
    record(1, 2);
    await log.flush();
    const clock = { now: () => now };
    const retention = new LogRetention({ log, clock, logger });
    expect(await retention.run()).toBe(4500);
    expect(left()).toEqual({ n: 5 });
    expect(await retention.run()).toBe(0);
    await retention.close();
  });

  it('keeps as many days as it is told', async () => {
    record(3, 2);
    record(1, 1);
    await log.flush();
    const clock = { now: () => now };
    const retention = new LogRetention({ log, clock, logger, days: 2 });
    expect(await retention.run()).toBe(2);
    expect(left()).toEqual({ n: 1 });
    await retention.close();
  });
});
