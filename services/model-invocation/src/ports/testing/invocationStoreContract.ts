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

    it('remembers what was accepted, also for another instance', async () => {
      await accept('1');
      await accept('2');
      const other = storage.open();
      expect(await other.listPending()).toEqual(['1', '2']);
      expect(await other.find({ id: '1', clientId: 'a' }, 2000)).toEqual({
        id: '1',
        clientId: 'a',
        attempts: 0,
        status: 'pending',
      });
    });

    it('hands the request out and counts attempts', async () => {
      await accept('1');
      expect(await store.claim('1')).toEqual({
        id: '1',
        clientId: 'a',
        attempts: 1,
        request,
      });
      expect(await store.claim('1')).toMatchObject({ attempts: 2 });
      expect(await store.claim('nope')).toBeUndefined();
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
      expect(await store.claim('1')).toBeUndefined();
      expect(await store.listPending()).toEqual([]);
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
      expect(await store.listPending()).toEqual(['pending']);
    });
  });
}
