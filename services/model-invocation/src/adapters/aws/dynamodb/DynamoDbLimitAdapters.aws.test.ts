import { createLogger } from '@genai-environments/service-kit';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import type { CappedMeter } from '../../../ports/LimitLedger';
import { limitLedgerContract } from '../../../ports/testing/limitLedgerContract';
import { limitSettingsContract } from '../../../ports/testing/limitSettingsContract';
import { DynamoDbLimitLedger } from './DynamoDbLimitLedger';
import { DynamoDbLimitSettings } from './DynamoDbLimitSettings';

jest.setTimeout(120_000);

describe('DynamoDbLimitLedger', () => {
  limitLedgerContract({
    async setUp(clock) {
      const { table, tearDown } = await createTestTable();
      return {
        open: () => new DynamoDbLimitLedger({ table, clock }),
        tearDown,
      };
    },
  });

  describe('with several processes', () => {
    const now = Date.parse('2026-01-31T12:00:00Z');
    const clock = { now: () => now };
    let storage: Awaited<ReturnType<typeof createTestTable>>;
    let ledgers: DynamoDbLimitLedger[];
    beforeEach(async () => {
      storage = await createTestTable();
      ledgers = [1, 2, 3].map(
        () => new DynamoDbLimitLedger({ table: storage.table, clock }),
      );
    });
    afterEach(() => storage.tearDown());

    it.each([
      ['a budget', { name: 'tokensPerDay', period: '2026-01-31' }],
      ['a rate', { name: 'requestsPerMinute', period: 'minute' }],
    ] as const)('never lets more through than %s', async (_what, key) => {
      const meter: CappedMeter = { subject: 'environment', ...key, cap: 20 };
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          ledgers[index % 3].draw([{ ...meter, needed: 1, wished: 1 }]),
        ),
      );
      const granted = results.filter(result => 'granted' in result);
      expect(granted).toHaveLength(20);
      expect(await ledgers[0].readUsed([meter])).toEqual([20]);
    });

    it('does nothing when more comes back than was ever drawn', async () => {
      const meter: CappedMeter = {
        subject: 'environment',
        ...{ name: 'tokensPerDay', period: '2026-01-31', cap: 20 },
      };
      await ledgers[0].giveBack([{ ...meter, amount: 5 }]);
      expect(await ledgers[1].readUsed([meter])).toEqual([0]);
      const draw = { ...meter, needed: 20, wished: 20 };
      expect(await ledgers[1].draw([draw])).toEqual({ granted: [20] });
      await ledgers[0].giveBack([{ ...meter, amount: 5 }]);
      expect(await ledgers[1].readUsed([meter])).toEqual([15]);
    });

    it('gives back more counters than one transaction takes', async () => {
      const meters: CappedMeter[] = Array.from({ length: 130 }, (_, index) => ({
        subject: `application:${index}`,
        ...{ name: 'tokensPerDay', period: '2026-01-31', cap: 10 },
      }));
      const [ledger] = ledgers;
      await ledger.giveBack(meters.map(meter => ({ ...meter, amount: -3 })));
      await ledger.giveBack(meters.map(meter => ({ ...meter, amount: 5 })));
      expect(await ledger.readUsed(meters)).toEqual(meters.map(() => 0));
    });
  });
});

describe('DynamoDbLimitSettings', () => {
  limitSettingsContract({
    async setUp(clock) {
      const { table, tearDown } = await createTestTable();
      const logger = createLogger({ level: 'silent' });
      const opened: DynamoDbLimitSettings[] = [];
      return {
        async open() {
          const settings = await DynamoDbLimitSettings.open({
            ...{ table, clock, logger },
          });
          opened.push(settings);
          return settings;
        },
        // Time passes for the test only: what the timer would do is done now.
        catchUp: () => Promise.all(opened.map(each => each.refresh())),
        async tearDown() {
          for (const settings of opened) settings.close();
          await tearDown();
        },
      };
    },
  });
});
