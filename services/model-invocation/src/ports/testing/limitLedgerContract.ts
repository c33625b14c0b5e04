// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import { Draw, HOLDER_TIMEOUT_MS, LimitLedger, MeterKey } from '../LimitLedger';

const DAY: MeterKey & { cap: number } = {
  subject: 'application:a',
  name: 'tokensPerDay',
  period: '2026-01-31',
  cap: 100,
};
const MINUTE: MeterKey & { cap: number } = {
  subject: 'application:a',
  name: 'requestsPerMinute',
  period: 'minute',
  cap: 60,
};

/** What every ledger must do. `open` gives another process's view on the same storage. */
export function limitLedgerContract(options: {
  setUp(clock: { now(): number }): Promise<{
    open(): LimitLedger;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of LimitLedger', () => {
    let now: number;
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let ledger: LimitLedger;

    beforeEach(async () => {
      now = Date.parse('2026-01-31T12:00:00Z');
      storage = await options.setUp({ now: () => now });
      ledger = storage.open();
    });
    afterEach(() => storage.tearDown());

    const draw = async (
      amount: number,
      more: Partial<Draw> = {},
      from = ledger,
    ) => from.draw([{ ...DAY, amount, free: 0, wished: amount, ...more }]);
    const used = async (key = DAY) => (await ledger.readUsed([key]))[0];

    it('grants up to the cap and not one more', async () => {
      expect(await draw(60)).toEqual({ granted: [60] });
      expect(await draw(41)).toEqual({ refused: 0, left: 40 });
      expect(await draw(40)).toEqual({ granted: [40] });
      expect(await draw(1)).toEqual({ refused: 0, left: 0 });
      expect(await used()).toBe(100);
    });

    it('refuses what is more than the whole cap', async () => {
      expect(await draw(101)).toEqual({ refused: 0, left: 100 });
    });

    it('grants what is wished while there is enough, else what is needed', async () => {
      expect(await draw(10, { wished: 80 })).toEqual({ granted: [80] });
      expect(await draw(10, { wished: 80 })).toEqual({ granted: [10] });
    });

    it('draws only what is missing, a debt included', async () => {
      expect(await draw(10, { free: 4, wished: 0 })).toEqual({ granted: [6] });
      expect(await draw(10, { free: -3, wished: 0 })).toEqual({
        granted: [13],
      });
    });

    it('draws all or nothing', async () => {
      const other: Draw = {
        ...DAY,
        subject: 'environment',
        cap: 5,
        amount: 6,
        free: 0,
        wished: 6,
      };
      const own: Draw = { ...DAY, amount: 6, free: 0, wished: 6 };
      expect(await ledger.draw([own, other])).toEqual({ refused: 1, left: 5 });
      expect(await used()).toBe(0);
    });

    it('shares a cap between processes', async () => {
      const other = storage.open();
      expect(await draw(70)).toEqual({ granted: [70] });
      expect(await draw(70, {}, other)).toEqual({ refused: 0, left: 30 });
      await ledger.report([{ ...DAY, previous: 0, unspent: 0, returned: 50 }]);
      expect(await draw(70, {}, other)).toEqual({ granted: [70] });
      expect(await used()).toBe(90);
    });

    it('does not count unspent leases as used', async () => {
      await draw(10, { wished: 50 });
      expect(await used()).toBe(10);
      await ledger.report([{ ...DAY, previous: 40, unspent: 15, returned: 0 }]);
      expect(await used()).toBe(35);
    });

    it('counts what was used beyond what was drawn', async () => {
      await draw(100);
      await ledger.report([{ ...DAY, previous: 0, unspent: 0, returned: -7 }]);
      expect(await used()).toBe(107);
    });

    it('gives the unspent lease of a process that died back, nothing else', async () => {
      const other = storage.open();
      await draw(10, { wished: 90 });
      expect(await draw(50, {}, other)).toEqual({ refused: 0, left: 10 });
      now += HOLDER_TIMEOUT_MS + 1;
      expect(await draw(91, {}, other)).toEqual({ refused: 0, left: 90 });
      expect(await draw(90, {}, other)).toEqual({ granted: [90] });
    });

    it('leaves the lease of a process that reports', async () => {
      const other = storage.open();
      await draw(10, { wished: 90 });
      now += HOLDER_TIMEOUT_MS - 1;
      await ledger.report([{ ...DAY, previous: 80, unspent: 80, returned: 0 }]);
      now += HOLDER_TIMEOUT_MS - 1;
      expect(await draw(50, {}, other)).toEqual({ refused: 0, left: 10 });
    });

    it('tells a process that its lease was taken, and counts what it spent', async () => {
      const other = storage.open();
      await draw(10, { wished: 90 });
      now += HOLDER_TIMEOUT_MS + 1;
      await draw(50, {}, other);
      const report = { ...DAY, previous: 80, unspent: 75, returned: 0 };
      expect(await draw(50, {}, other)).toMatchObject({ refused: 0 });
      expect(await ledger.report([report])).toEqual([0]);
      expect(await used()).toBe(65);
    });

    it('fills a minute evenly and never over the brim', async () => {
      const request = (amount = 1) => draw(amount, { ...MINUTE, wished: 1 });
      expect(await request(60)).toEqual({ granted: [60] });
      expect(await request()).toEqual({ refused: 0, left: 0 });
      now += 999;
      expect(await request()).toMatchObject({ refused: 0 });
      now += 1;
      expect(await request()).toEqual({ granted: [1] });
      now += 3_600_000;
      expect(await used(MINUTE)).toBe(0);
      expect(await request(61)).toEqual({ refused: 0, left: 60 });
    });

    it('takes back what of a minute was not used', async () => {
      await draw(60, { ...MINUTE, wished: 1 });
      const back = { ...MINUTE, previous: 0, unspent: 0, returned: 10 };
      expect(await ledger.report([back])).toEqual([]);
      expect(await used(MINUTE)).toBe(50);
    });

    it.each([1, 7, 13, 59, 997])(
      'lets exactly %i through at once, one by one',
      async cap => {
        const request = () =>
          draw(1, { ...MINUTE, subject: 'environment', cap, wished: 1 });
        for (let i = 0; i < cap; i++) {
          expect(await request()).toEqual({ granted: [1] });
        }
        expect(await request()).toEqual({ refused: 0, left: 0 });
      },
    );
  });
}
