// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { CappedMeter, Draw, LimitLedger } from '../LimitLedger';

const DAY: CappedMeter = {
  subject: 'application:a',
  name: 'tokensPerDay',
  period: '2026-01-31',
  cap: 100,
};
const MINUTE: CappedMeter = {
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
      needed: number,
      more: Partial<Draw> = {},
      from = ledger,
    ) => from.draw([{ ...DAY, needed, wished: 0, ...more }]);
    const used = async (meter = DAY) => (await ledger.readUsed([meter]))[0];

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

    it('draws all or nothing', async () => {
      const own: Draw = { ...DAY, needed: 6, wished: 6 };
      const other: Draw = { ...own, subject: 'environment', cap: 5 };
      expect(await ledger.draw([own, other])).toEqual({ refused: 1, left: 5 });
      expect(await used()).toBe(0);
    });

    it('shares a cap between processes', async () => {
      const other = storage.open();
      expect(await draw(70)).toEqual({ granted: [70] });
      expect(await draw(70, {}, other)).toEqual({ refused: 0, left: 30 });
      await ledger.giveBack([{ ...DAY, amount: 50 }]);
      expect(await draw(70, {}, other)).toEqual({ granted: [70] });
      expect(await used()).toBe(90);
    });

    it('obeys a lowered cap', async () => {
      await draw(60);
      expect(await draw(1, { cap: 50 })).toEqual({ refused: 0, left: 0 });
    });

    it('counts what was used beyond what was drawn', async () => {
      await draw(100);
      await ledger.giveBack([{ ...DAY, amount: -7 }]);
      expect(await used()).toBe(107);
      expect(await draw(1)).toEqual({ refused: 0, left: 0 });
    });

    it('counts periods apart', async () => {
      await draw(100);
      const tomorrow = { ...DAY, period: '2026-02-01' };
      expect(await draw(100, tomorrow)).toEqual({ granted: [100] });
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

    it('takes back what of a minute was not used, and no more than fits', async () => {
      await draw(60, MINUTE);
      await ledger.giveBack([{ ...MINUTE, amount: 10 }]);
      expect(await used(MINUTE)).toBe(50);
      now += 3_600_000;
      await ledger.giveBack([{ ...MINUTE, amount: 10 }]);
      expect(await draw(61, MINUTE)).toEqual({ refused: 0, left: 60 });
    });

    it('waits longer when more of a minute was used than drawn', async () => {
      await draw(60, MINUTE);
      await ledger.giveBack([{ ...MINUTE, amount: -30 }]);
      now += 30_000;
      expect(await draw(1, MINUTE)).toEqual({ refused: 0, left: 0 });
      now += 1000;
      expect(await draw(1, MINUTE)).toEqual({ granted: [1] });
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
