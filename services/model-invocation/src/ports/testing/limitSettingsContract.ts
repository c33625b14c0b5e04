// Run by the tests of each adapter.
/* eslint-disable jest/no-export */
import type { LimitSettings } from '../LimitSettings';

/** What every adapter must do. `open` gives another process's view on the same storage. */
export function limitSettingsContract(options: {
  setUp(clock: { now(): number }): Promise<{
    open(): LimitSettings | Promise<LimitSettings>;
    /** Called after time has passed; does what a timer of the adapter would do. */
    catchUp?(): Promise<unknown>;
    tearDown(): Promise<void>;
  }>;
}): void {
  describe('contract of LimitSettings', () => {
    let now = 1_000_000;
    let storage: Awaited<ReturnType<typeof options.setUp>>;
    let settings: LimitSettings;

    beforeEach(async () => {
      storage = await options.setUp({ now: () => now });
      settings = await storage.open();
    });
    afterEach(() => storage.tearDown());

    it('has no limits at first', () => {
      expect(settings.get('environment')).toEqual({});
    });

    it('answers and changes its revision at once', async () => {
      const before = settings.revision();
      await settings.put('application:a', { tokensPerDay: 5 });
      expect(settings.get('application:a')).toEqual({ tokensPerDay: 5 });
      expect(settings.get('application:b')).toEqual({});
      expect(settings.revision()).not.toBe(before);
    });

    it('replaces, and removes with no limits', async () => {
      await settings.put('environment', { tokensPerDay: 5 });
      await settings.put('environment', { microUsdPerMonth: 0 });
      expect(settings.get('environment')).toEqual({ microUsdPerMonth: 0 });
      await settings.put('environment', {});
      expect(settings.get('environment')).toEqual({});
    });

    it('survives a restart', async () => {
      await settings.put('environment', { requestsPerMinute: 9 });
      const restarted = await storage.open();
      expect(restarted.get('environment')).toEqual({ requestsPerMinute: 9 });
    });

    it('reaches other processes within a second', async () => {
      const other = await storage.open();
      const before = other.revision();
      await settings.put('environment', { requestsPerMinute: 9 });
      now += 1000;
      await storage.catchUp?.();
      expect(other.revision()).not.toBe(before);
      expect(other.get('environment')).toEqual({ requestsPerMinute: 9 });
    });
  });
}
