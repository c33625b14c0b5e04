import {
  createLogger,
  LimitExceededError,
} from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BuiltInModelProvider } from '../adapters/local/BuiltInModelProvider';
import { openModelDatabase } from '../adapters/local/database';
import { SqliteInvocationStore } from '../adapters/local/SqliteInvocationStore';
import { SqliteUsageLedger } from '../adapters/local/SqliteUsageLedger';
import type { CallGate } from '../ports/CallGate';
import { ScriptedModelProvider } from '../testing/ScriptedModelProvider';
import { AsyncInvocations } from './AsyncInvocations';
import { createInvocations } from './createInvocations';
import { ModelCatalog } from './ModelCatalog';

const logger = createLogger({ level: 'silent' });
const request = {
  model: 'local.extractive',
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

describe('AsyncInvocations', () => {
  let dataDirectory: string;
  let database: DatabaseSync;
  let store: SqliteInvocationStore;
  let subject: AsyncInvocations;
  let nextId: number;
  let now: number;

  beforeEach(() => {
    nextId = 0;
    now = 1000;
    dataDirectory = mkdtempSync(join(tmpdir(), 'async-invocations-'));
    database = openModelDatabase({ dataDirectory });
    store = new SqliteInvocationStore({ database });
    subject = openProcess();
  });
  afterEach(async () => {
    await subject.close();
    database.close();
    rmSync(dataDirectory, { recursive: true });
  });

  /** Another process of the environment, if called again. */
  function openProcess(
    options: {
      provider?: ScriptedModelProvider;
      gate?: CallGate;
    } = {},
  ) {
    const clock = { now: () => now };
    const catalog = new ModelCatalog({
      allowed: ['local.extractive'],
      providers: [options.provider ?? new BuiltInModelProvider()],
    });
    const usage = new SqliteUsageLedger({ database, logger });
    const { invocations } = createInvocations({
      ...{ catalog, usage, clock },
      gate: options.gate,
      retry: { maxAttempts: 1 },
    });
    return new AsyncInvocations({
      ...{ store, catalog, logger, invocations, clock },
      newId: () => `id-${nextId++}`,
    });
  }

  /** What a process leaves behind that was killed during its n-th attempt. */
  async function killedDuringAttempt(n: number): Promise<void> {
    await store.accept({ id: 'old', clientId: 'a', request, acceptedAt: 1 });
    for (let attempt = 0; attempt < n; attempt++) {
      await store.claim('old', { now: 1 + attempt, until: 2 + attempt });
    }
  }
  async function settled(id: string) {
    for (;;) {
      const found = await store.find({ id, clientId: 'a' }, now);
      if (found?.status !== 'pending') return found;
      await new Promise(setImmediate);
    }
  }

  it('runs again what a killed process had begun', async () => {
    await killedDuringAttempt(2);
    await subject.start();
    expect(await settled('old')).toMatchObject({
      status: 'succeeded',
      attempts: 3,
    });
  });

  it('gives up what took the process down three times', async () => {
    await killedDuringAttempt(3);
    await subject.start();
    expect(await settled('old')).toMatchObject({
      status: 'failed',
      failure: { code: 'abandoned' },
    });
    await expect(subject.output('a', 'old')).rejects.toMatchObject({
      code: 'invocation_failed',
    });
  });

  it('works off more than it runs at once', async () => {
    await subject.start();
    const ids = await Promise.all(
      Array.from({ length: 30 }, () => subject.submit('a', request)),
    );
    for (const id of ids) {
      expect(await settled(id)).toMatchObject({ status: 'succeeded' });
    }
  });

  it('refuses more unfinished ones than an application may have', async () => {
    for (let index = 0; index < 1000; index++) {
      await store.accept({
        id: `p-${index}`,
        clientId: 'a',
        request,
        acceptedAt: 1,
      });
    }
    await expect(subject.submit('a', request)).rejects.toMatchObject({
      code: 'too_many_pending_invocations',
      retryAfterSeconds: 10,
    });
    expect(await subject.submit('b', request)).toBe('id-0');
  });

  describe('with several processes', () => {
    const others: AsyncInvocations[] = [];
    afterEach(async () => {
      for (const other of others.splice(0)) await other.close();
    });
    const open = (options?: Parameters<typeof openProcess>[0]) => {
      const other = openProcess(options);
      others.push(other);
      return other;
    };

    it('runs each once', async () => {
      const provider = new ScriptedModelProvider('local.extractive');
      const [one, two] = [open({ provider }), open({ provider })];
      const ids = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 ? one : two).submit('a', request),
        ),
      );
      await Promise.all([one.look(), two.look()]);
      for (const id of ids) {
        expect(await settled(id)).toMatchObject({ attempts: 1 });
      }
      expect(provider.asked).toHaveLength(40);
    });

    it('takes over what a killed process held, once its lease has passed', async () => {
      await store.accept({ id: 'old', clientId: 'a', request, acceptedAt: 1 });
      await store.claim('old', { now, until: now + 30_000 });
      const other = open();
      await other.look();
      expect(await store.find({ id: 'old', clientId: 'a' }, now)).toMatchObject(
        { status: 'pending', attempts: 1 },
      );
      now += 30_000;
      await other.look();
      expect(await settled('old')).toMatchObject({
        status: 'succeeded',
        attempts: 2,
      });
    });

    it('gives back at once what a stop interrupts', async () => {
      const provider = new ScriptedModelProvider('local.extractive');
      const asked = new Promise<void>(resolve => {
        provider.generate = (_request, cancellation) =>
          new Promise((_resolve, reject) => {
            cancellation.onCancel(() => reject(new Error('hung up')));
            resolve();
          });
      });
      const stopping = open({ provider });
      const id = await stopping.submit('a', request);
      await asked;
      await stopping.close();
      await open().look();
      expect(await settled(id)).toMatchObject({
        status: 'succeeded',
        attempts: 1,
      });
    });
  });

  describe('at a limit', () => {
    const limited = (retryable: boolean): CallGate => ({
      reserve() {
        if (now >= 61_000) return { settle() {}, release() {} };
        throw new LimitExceededError('Only one per minute.', {
          ...{ code: 'requests_per_minute', retryAfterSeconds: 60, retryable },
        });
      },
    });

    it('waits until it resets', async () => {
      const waiting = openProcess({ gate: limited(true) });
      const id = await waiting.submit('a', request);
      await waiting.close();
      expect(await store.listDue({ now: 60_999, limit: 1 })).toEqual([]);
      now = 61_000;
      const later = openProcess({ gate: limited(true) });
      await later.look();
      expect(await settled(id)).toMatchObject({
        status: 'succeeded',
        attempts: 1,
      });
      await later.close();
    });

    it.each([
      ['of which the request takes more than there is', false, 1],
      [
        'that resets later than an hour after it was accepted',
        true,
        -3_600_000,
      ],
    ])('fails at one %s', async (_what, retryable, acceptedAt) => {
      await store.accept({ id: 'old', clientId: 'a', request, acceptedAt });
      const failing = openProcess({ gate: limited(retryable) });
      await failing.look();
      expect(await settled('old')).toMatchObject({
        status: 'failed',
        failure: { code: 'requests_per_minute' },
      });
      await failing.close();
    });
  });
});
