// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { UsageLedger, UsageRecord } from '../UsageLedger';

/** What every ledger must do. `open` gives a view on the same storage each time. */
export function usageLedgerContract(options: {
  setUp(clock: { now(): number }): Promise<{
    open(): UsageLedger;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of UsageLedger', () => {
    const all = { from: '0000-01-01', to: '9999-12-31' };
    const call: UsageRecord = {
      clientId: 'a',
      model: 'm',
      inputTokens: 3,
      outputTokens: 2,
      failed: false,
    };
    let now: number;
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let ledger: UsageLedger;

    beforeEach(async () => {
      now = Date.parse('2026-01-31T23:59:59.999Z');
      storage = await options.setUp({ now: () => now });
      ledger = storage.open();
    });
    afterEach(async () => {
      await ledger.close();
      await storage.tearDown();
    });

    it('adds up calls by application, model and day', async () => {
      ledger.record(call);
      ledger.record({ ...call, failed: true, inputTokens: 0, outputTokens: 0 });
      ledger.record({ ...call, model: 'n' });
      ledger.record({ ...call, clientId: 'b' });
      now += 1;
      ledger.record(call);
      const one = {
        invocations: 1,
        failedInvocations: 0,
        cancelledInvocations: 0,
        cachedInvocations: 0,
        inputTokens: 3,
        outputTokens: 2,
        costMicroUsd: 0,
        durationMs: 0,
      };
      expect(await ledger.query(all)).toEqual([
        {
          ...one,
          clientId: 'a',
          model: 'm',
          day: '2026-01-31',
          invocations: 2,
          failedInvocations: 1,
        },
        { ...one, clientId: 'a', model: 'n', day: '2026-01-31' },
        { ...one, clientId: 'b', model: 'm', day: '2026-01-31' },
        { ...one, clientId: 'a', model: 'm', day: '2026-02-01' },
      ]);
    });

    it('answers days from and to inclusively', async () => {
      ledger.record(call);
      const days = (from: string, to: string) =>
        ledger.query({ from, to }).then(items => items.map(item => item.day));
      expect(await days('2026-01-31', '2026-01-31')).toEqual(['2026-01-31']);
      expect(await days('2026-02-01', '2026-02-28')).toEqual([]);
      expect(await days('2025-12-31', '2026-01-30')).toEqual([]);
    });

    it('counts statuses, cost, time and answers from the cache', async () => {
      const paid = { ...call, costMicroUsd: 7, durationMs: 100 };
      ledger.record({ ...paid, status: 'succeeded' });
      ledger.record({ ...paid, status: 'cancelled' });
      ledger.record({ ...paid, failed: true, status: 'failed' });
      ledger.record({ ...call, cached: true });
      expect(await ledger.query(all)).toMatchObject([
        {
          invocations: 4,
          failedInvocations: 1,
          cancelledInvocations: 1,
          cachedInvocations: 1,
          costMicroUsd: 21,
          durationMs: 300,
        },
      ]);
    });

    it('answers one application alone', async () => {
      ledger.record(call);
      ledger.record({ ...call, clientId: 'b' });
      expect(await ledger.query({ ...all, clientId: 'b' })).toMatchObject([
        { clientId: 'b', invocations: 1 },
      ]);
    });

    it('sums an application over days, by model', async () => {
      ledger.record(call);
      ledger.record({ ...call, model: 'n' });
      ledger.record({ ...call, clientId: 'b' });
      now += 1;
      ledger.record(call);
      expect(await ledger.sumByModel('a', all)).toMatchObject([
        { model: 'm', invocations: 2, inputTokens: 6, outputTokens: 4 },
        { model: 'n', invocations: 1, inputTokens: 3, outputTokens: 2 },
      ]);
      const lastDay = { from: '2026-02-01', to: '2026-02-28' };
      expect(await ledger.sumByModel('a', lastDay)).toMatchObject([
        { model: 'm', invocations: 1 },
      ]);
    });

    it('adds to what was there before a restart', async () => {
      ledger.record(call);
      await ledger.close();
      ledger = storage.open();
      ledger.record(call);
      expect(await ledger.query(all)).toMatchObject([{ invocations: 2 }]);
    });

    it('counts two writers of one storage together', async () => {
      const other = storage.open();
      for (let i = 0; i < 100; i++) {
        ledger.record(call);
        other.record(call);
        if (i % 10 === 0) await Promise.all([ledger.flush(), other.flush()]);
      }
      await other.close();
      expect(await ledger.query(all)).toMatchObject([
        { invocations: 200, inputTokens: 600, outputTokens: 400 },
      ]);
    });
  });
}
