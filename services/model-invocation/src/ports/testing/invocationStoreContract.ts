// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { InvocationStore } from '../InvocationStore';

/** What every store must do. `open` gives a view on the same storage each time. */
export function invocationStoreContract(options: {
  setUp(): Promise<{ open(): InvocationStore; tearDown(): Promise<void> }>;
  /** The storage removes what has expired, some time later; default: `deleteExpired` does. */
  expiresByItself?: boolean;
}): void {
  describe('contract of InvocationStore', () => {
    const request = {
      model: 'm',
      messages: [{ role: 'user' as const, content: 'Grüße' }],
      temperature: 0,
    };
    const succeeded = {
      status: 'succeeded' as const,
      text: 'done',
      inputTokens: 1,
      outputTokens: 2,
    };
    const removed = options.expiresByItself ? 0 : 1;
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let store: InvocationStore;

    beforeEach(async () => {
      storage = await options.setUp();
      store = storage.open();
    });
    afterEach(() => storage.tearDown());

    const accept = (id: string, clientId = 'a') =>
      store.accept({ id, clientId, request, acceptedAt: 1000 });
    const find = (id: string, clientId = 'a', now = 2000) =>
      store.find({ id, clientId }, now);
    const claim = (id: string, now = 2000, from = store) =>
      from.claim(id, { now, until: now + 100 });
    const due = (from = store, now = 2000, limit = 10) =>
      from.listDue({ now, limit });

    it('remembers what was accepted, also for another instance', async () => {
      await accept('1');
      await accept('2');
      const other = storage.open();
      expect(await due(other)).toEqual(['1', '2']);
      expect(await other.find({ id: '1', clientId: 'a' }, 2000)).toEqual({
        id: '1',
        clientId: 'a',
        attempts: 0,
        status: 'pending',
      });
    });

    it('hands the request out and counts attempts', async () => {
      await accept('1');
      expect(await claim('1')).toEqual({
        id: '1',
        clientId: 'a',
        attempts: 1,
        run: 1,
        acceptedAt: 1000,
        request,
      });
      expect(await claim('1', 2100)).toMatchObject({ attempts: 2, run: 2 });
      expect(await claim('nope')).toBeUndefined();
    });

    it('gives an invocation to one of several runs at once', async () => {
      await accept('1');
      const claims = await Promise.all(
        Array.from({ length: 6 }, () => claim('1', 2000, storage.open())),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await find('1')).toMatchObject({ attempts: 1 });
    });

    it('holds what is claimed until the lease has passed', async () => {
      await accept('1');
      const first = (await claim('1'))!;
      expect(await claim('1', 2099)).toBeUndefined();
      expect(await due(store, 2099)).toEqual([]);
      expect(await store.renew(first, 2200)).toBe(true);
      expect(await claim('1', 2199)).toBeUndefined();
      expect(await due(store, 2200)).toEqual(['1']);

      expect(await claim('1', 2200)).toMatchObject({ run: 2 });
      expect(await store.renew(first, 9000)).toBe(false);
      await store.release(first, 0);
      expect(await claim('1', 2299)).toBeUndefined();
    });

    it('is due again, and no attempt the more, when a run gives it back', async () => {
      await accept('1');
      const run = (await claim('1'))!;
      await store.release(run, 2050);
      expect(await claim('1', 2049)).toBeUndefined();
      expect(await due(store, 2050)).toEqual(['1']);
      expect(await claim('1', 2050)).toMatchObject({ attempts: 1 });
    });

    it('lists no more than asked for, longest due first', async () => {
      await accept('1');
      await accept('2');
      await accept('3');
      await store.release((await claim('1'))!, 1999);
      expect(await due(store, 2000, 2)).toEqual(['2', '3']);
      expect(await due(store, 2000, 3)).toEqual(['2', '3', '1']);
      expect(await due(store, 999)).toEqual([]);
    });

    it('keeps the first outcome only', async () => {
      await accept('1');
      const times = { expiresAt: 5000 };
      expect(await store.complete('1', succeeded, times)).toBe(true);
      const failure = { code: 'x', message: 'y' };
      expect(
        await store.complete('1', { status: 'failed', failure }, times),
      ).toBe(false);
      expect(await find('1')).toMatchObject(succeeded);
      expect(await claim('1')).toBeUndefined();
      expect(await store.renew({ id: '1', run: 0 }, 9000)).toBe(false);
      expect(await due()).toEqual([]);
    });

    it('tells a failure', async () => {
      await accept('1');
      const failure = { code: 'x', message: 'y' };
      await store.complete(
        '1',
        { status: 'failed', failure },
        { expiresAt: 5000 },
      );
      expect(await find('1')).toMatchObject({ status: 'failed', failure });
    });

    it("keeps applications' invocations apart", async () => {
      await accept('1', 'a');
      await accept('2', 'b');
      expect(await find('1', 'b')).toBeUndefined();
      expect(await store.countPending('a')).toBe(1);
      expect(await store.countPending('c')).toBe(0);
    });

    it('forgets outcomes once they have expired, and nothing else', async () => {
      await accept('done');
      await accept('pending');
      await store.complete('done', succeeded, { expiresAt: 5000 });
      expect(await find('done', 'a', 4999)).toBeDefined();
      expect(await find('done', 'a', 5000)).toBeUndefined();
      expect(await store.deleteExpired(4999)).toBe(0);
      expect(await store.deleteExpired(5000)).toBe(removed);
      const isGone = (await find('done', 'a', 0)) === undefined;
      expect(isGone).toBe(removed === 1);
      expect(await due(store, 5000)).toEqual(['pending']);
    });
  });
}
