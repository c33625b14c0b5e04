import { createLogger } from '@genai-environments/service-kit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { BuiltInModelProvider } from '../adapters/local/BuiltInModelProvider';
import { openModelDatabase } from '../adapters/local/database';
import { SqliteInvocationStore } from '../adapters/local/SqliteInvocationStore';
import { SqliteUsageLedger } from '../adapters/local/SqliteUsageLedger';
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

  beforeEach(() => {
    nextId = 0;
    dataDirectory = mkdtempSync(join(tmpdir(), 'async-invocations-'));
    database = openModelDatabase({ dataDirectory });
    store = new SqliteInvocationStore({ database });
    const clock = { now: () => 1000 };
    const catalog = new ModelCatalog({
      allowed: ['local.extractive'],
      providers: [new BuiltInModelProvider()],
    });
    const usage = new SqliteUsageLedger({ database, logger });
    subject = new AsyncInvocations({
      store,
      catalog,
      logger,
      invocations: createInvocations({ catalog, usage, clock }).invocations,
      clock,
      newId: () => `id-${nextId++}`,
    });
  });
  afterEach(async () => {
    await subject.close();
    database.close();
    rmSync(dataDirectory, { recursive: true });
  });

  /** What a process leaves behind that was killed during its n-th attempt. */
  async function killedDuringAttempt(n: number): Promise<void> {
    await store.accept({ id: 'old', clientId: 'a', request, acceptedAt: 1 });
    for (let attempt = 0; attempt < n; attempt++) await store.claim('old');
  }
  async function settled(id: string) {
    for (;;) {
      const found = await store.find({ id, clientId: 'a' }, 1000);
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
});
