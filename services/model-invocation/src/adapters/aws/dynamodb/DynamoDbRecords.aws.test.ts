import {
  createLogger,
  FileObjectStore,
  systemClock,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import { createTestTable } from '@genai-environments/service-kit/aws-testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invocationLogContract } from '../../../ports/testing/invocationLogContract';
import { invocationStoreContract } from '../../../ports/testing/invocationStoreContract';
import { usageLedgerContract } from '../../../ports/testing/usageLedgerContract';
import { DynamoDbInvocationLog } from './DynamoDbInvocationLog';
import { DynamoDbInvocationStore } from './DynamoDbInvocationStore';
import { DynamoDbUsageLedger } from './DynamoDbUsageLedger';

jest.setTimeout(60_000);

const logger = createLogger({ level: 'silent' });

async function makeStore() {
  const { table, tearDown } = await createTestTable();
  const directory = mkdtempSync(join(tmpdir(), 'invocation-objects-'));
  const objects = new FileObjectStore({
    ...{ directory, baseUrl: () => 'http://127.0.0.1', clock: systemClock },
    signingKey: Buffer.alloc(32, 1),
  });
  return {
    ...{ table, objects },
    open: () => new DynamoDbInvocationStore({ table, objects }),
    async tearDown() {
      await tearDown();
      rmSync(directory, { recursive: true });
    },
  };
}

describe('DynamoDbInvocationStore', () => {
  invocationStoreContract({ setUp: makeStore, expiresByItself: true });

  describe('beyond the contract', () => {
    let storage: Awaited<ReturnType<typeof makeStore>>;
    let store: DynamoDbInvocationStore;
    beforeEach(async () => {
      storage = await makeStore();
      store = storage.open();
    });
    afterEach(() => storage.tearDown());

    const accept = (content: string) =>
      store.accept({
        ...{ id: 'i', clientId: 'a', acceptedAt: 1000 },
        request: { model: 'm', messages: [{ role: 'user', content }] },
      });
    const succeeded = (text: string) => ({
      ...{ status: 'succeeded' as const, text, inputTokens: 1 },
      outputTokens: 2,
    });

    it('keeps what no item can hold', async () => {
      const long = 'ä'.repeat(400_000);
      await accept(long);
      const claimed = await store.claim('i', { now: 1000, until: 2000 });
      expect(claimed?.request.messages[0].content).toBe(long);
      expect(
        await storage.objects.head('async-invocations/i/request.json'),
      ).toBeDefined();
      await store.complete('i', succeeded(long), { expiresAt: 5000 });
      expect(
        await storage.objects.head('async-invocations/i/request.json'),
      ).toBeUndefined();
      const found = await store.find({ id: 'i', clientId: 'a' }, 2000);
      expect(found).toMatchObject({ text: long });
    });

    it('counts exactly one of several runs that end at once', async () => {
      await accept('x');
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          storage.open().complete('i', succeeded(`run ${index}`), {
            expiresAt: 5000,
          }),
        ),
      );
      expect(outcomes.filter(isFirst => isFirst)).toHaveLength(1);
      expect(await store.countPending('a')).toBe(0);
    });

    it('lets DynamoDB remove outcomes, never what is pending', async () => {
      await accept('x');
      const key = { pk: 'invocations#job#i', sk: 'job' };
      expect(await storage.table.get(key)).not.toHaveProperty('expiresAt');
      await store.complete('i', succeeded('y'), { expiresAt: 5001 });
      expect(await storage.table.get(key)).toMatchObject({ expiresAt: 6 });
    });
  });
});

describe('DynamoDbInvocationLog', () => {
  invocationLogContract({
    async setUp() {
      const { table, tearDown } = await createTestTable();
      return {
        open: () => new DynamoDbInvocationLog({ table, logger }),
        tearDown,
      };
    },
    expiresByItself: true,
  });

  it('lets DynamoDB remove calls when their time is over', async () => {
    const { table, tearDown } = await createTestTable();
    const log = new DynamoDbInvocationLog({ table, logger, retentionDays: 2 });
    log.record({
      ...{ clientId: 'a', model: 'm', status: 'succeeded', cached: false },
      ...{ inputTokens: 1, outputTokens: 1, costMicroUsd: 0, durationMs: 1.4 },
      at: 10_000,
    });
    await log.close();
    expect(await table.queryAll({ pk: 'log#a' })).toMatchObject([
      { expiresAt: 10 + 2 * 86_400, durationMs: 1 },
    ]);
    await tearDown();
  });
});

describe('DynamoDbUsageLedger', () => {
  usageLedgerContract({
    async setUp(clock) {
      const { table, tearDown } = await createTestTable();
      return {
        open: () => new DynamoDbUsageLedger({ table, logger, clock }),
        tearDown,
      };
    },
  });

  const call = {
    ...{ clientId: 'a', model: 'm', inputTokens: 1, outputTokens: 1 },
    failed: false,
  };
  const today = { from: '2026-01-31', to: '2026-01-31' };
  const clock = { now: () => Date.parse('2026-01-31T12:00:00Z') };

  it('writes more counters than one transaction takes', async () => {
    const { table, tearDown } = await createTestTable();
    const ledger = new DynamoDbUsageLedger({ table, logger, clock });
    for (let index = 0; index < 120; index++) {
      ledger.record({ ...call, model: `m${index}` });
    }
    expect(await ledger.query(today)).toHaveLength(120);
    expect(await ledger.sumByModel('a', today)).toHaveLength(120);
    await tearDown();
  });

  it('makes the same transaction again when it fails, and loses nothing', async () => {
    const tokens: Array<string | undefined> = [];
    let fail = true;
    const table = {
      async transact(_: unknown, { token }: { token?: string }) {
        tokens.push(token);
        if (fail) throw new Error('no network');
      },
    } as unknown as DynamoTableClient;
    const ledger = new DynamoDbUsageLedger({ table, logger, clock });
    ledger.record(call);
    await expect(ledger.flush()).rejects.toThrow('no network');
    ledger.record(call);
    fail = false;
    await ledger.close();
    expect(tokens).toHaveLength(3);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[0]).toBe(tokens[1]);
  });
});
