// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { InvocationLog, LoggedCall } from '../InvocationLog';

/** What every log must do. `open` gives a view on the same storage each time. */
export function invocationLogContract(options: {
  setUp(): Promise<{ open(): InvocationLog; tearDown(): Promise<void> }>;
  /** The storage removes what is too old; default: `deleteOlder` does. */
  expiresByItself?: boolean;
}): void {
  describe('contract of InvocationLog', () => {
    const call: LoggedCall = {
      clientId: 'a',
      model: 'm',
      status: 'succeeded',
      inputTokens: 3,
      outputTokens: 2,
      costMicroUsd: 7,
      durationMs: 120,
      cached: false,
      at: 1000,
    };
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let log: InvocationLog;

    beforeEach(async () => {
      storage = await options.setUp();
      log = storage.open();
    });
    afterEach(async () => {
      await log.close();
      await storage.tearDown();
    });
    const times = async (page: { limit: number; cursor?: string }) => {
      const { items, nextCursor } = await log.page('a', page);
      return { times: items.map(({ at }) => at), nextCursor };
    };

    it('answers what was recorded, of that application only', async () => {
      log.record(call);
      log.record({ ...call, clientId: 'b' });
      log.record({ ...call, status: 'cancelled', cached: true, at: 2000 });
      expect(await log.page('a', { limit: 10 })).toEqual({
        items: [{ ...call, status: 'cancelled', cached: true, at: 2000 }, call],
      });
      expect(await log.page('nobody', { limit: 10 })).toEqual({ items: [] });
    });

    it('pages newest first; new calls do not disturb', async () => {
      for (let at = 1; at <= 5; at++) log.record({ ...call, at });
      const first = await times({ limit: 2 });
      expect(first.times).toEqual([5, 4]);
      log.record({ ...call, at: 6 });
      const second = await times({ limit: 2, cursor: first.nextCursor });
      expect(second.times).toEqual([3, 2]);
      const third = await times({ limit: 2, cursor: second.nextCursor });
      expect(third).toEqual({ times: [1], nextCursor: undefined });
    });

    it('has no next page when the last one is exactly full', async () => {
      log.record(call);
      log.record(call);
      expect((await times({ limit: 2 })).nextCursor).toBeUndefined();
    });

    it('refuses a cursor that it did not give', async () => {
      const page = log.page('a', { limit: 2, cursor: "1' OR 1" });
      await expect(page).rejects.toThrow('not one of this list');
    });

    it('keeps calls over a restart', async () => {
      log.record(call);
      await log.close();
      log = storage.open();
      expect((await times({ limit: 5 })).times).toEqual([1000]);
    });

    if (options.expiresByItself) return;

    it('removes old calls in slices, oldest first', async () => {
      for (let at = 1; at <= 5; at++) log.record({ ...call, at });
      await log.flush();
      expect(await log.deleteOlder(4, 2)).toBe(2);
      expect((await times({ limit: 9 })).times).toEqual([5, 4, 3]);
      expect(await log.deleteOlder(4, 2)).toBe(1);
      expect(await log.deleteOlder(4, 2)).toBe(0);
      expect((await times({ limit: 9 })).times).toEqual([5, 4]);
    });
  });
}
