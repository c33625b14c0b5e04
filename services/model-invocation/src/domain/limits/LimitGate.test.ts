import { LimitExceededError } from '@genai-environments/service-kit';
import type { PlannedCall, Reservation } from '../../ports/CallGate';
import type { LimitLedger } from '../../ports/LimitLedger';
import { LimitedProcess, startLimits } from '../../testing/limits';
import type { Limits } from './Limits';

const NOON = Date.parse('2026-01-31T12:00:00Z');

describe('LimitGate', () => {
  let now: number;
  let limits: ReturnType<typeof startLimits>;
  let first: LimitedProcess;

  beforeEach(() => {
    now = NOON;
    limits = startLimits({
      clock: { now: () => now },
      priceOf: (model, { inputTokens, outputTokens }) =>
        model === 'unpriced' ? undefined : inputTokens * 0.25 + outputTokens,
    });
    first = limits.start();
  });
  afterEach(() => limits.tearDown());

  const allow = (value: Limits, clientId?: string) =>
    first.overview.setLimits(value, clientId);
  const reserve = async (
    call: Partial<PlannedCall> = {},
    { gate } = first,
  ): Promise<Reservation> =>
    gate.reserve({
      clientId: 'a',
      model: 'm',
      inputTokens: 10,
      maxOutputTokens: 20,
      ...call,
    });
  const refusal = async (call?: Partial<PlannedCall>, from = first) => {
    const error = await reserve(call, from).catch(thrown => thrown);
    expect(error).toBeInstanceOf(LimitExceededError);
    const { code, message, retryAfterSeconds } = error as LimitExceededError;
    return { code, message, retryAfterSeconds };
  };
  const spent = { code: 'token_budget' };
  const used = async (clientId?: string, from = first) =>
    (await from.overview.getState(clientId))[0].used;

  it('lets everything through where no limit is set', async () => {
    await allow({ tokensPerDay: 1 }, 'other');
    (await reserve()).settle({ inputTokens: 1e9, outputTokens: 0 });
    await expect(reserve()).resolves.toBeDefined();
    expect(await first.overview.getState('a')).toEqual([]);
  });

  it('refuses requests per minute and says when the next one passes', async () => {
    await allow({ requestsPerMinute: 2 }, 'a');
    (await reserve()).settle({ inputTokens: 1, outputTokens: 1 });
    (await reserve()).settle({ inputTokens: 1, outputTokens: 1 });
    expect(await refusal()).toEqual({
      code: 'requests_per_minute',
      message:
        'The limit of this application is 2 requests per minute, of which 0 are left. It resets at 2026-01-31T12:00:30Z: try again then.',
      retryAfterSeconds: 30,
    });
    now += 30_000;
    await reserve();
  });

  it('refuses tokens per minute by what a call may take at most', async () => {
    await allow({ tokensPerMinute: 60 }, 'a');
    await reserve();
    expect(await refusal({ maxOutputTokens: 30 })).toEqual({
      code: 'tokens_per_minute',
      message:
        'The limit of this application is 60 tokens per minute, of which 30 are left. This call may take up to 40. Calls in flight hold 30: try again when they have ended; the limit resets at 2026-01-31T12:00:10Z.',
      retryAfterSeconds: 10,
    });
  });

  it('refuses a token budget until the day or month is over', async () => {
    await allow({ tokensPerDay: 40 }, 'a');
    (await reserve()).settle({ inputTokens: 10, outputTokens: 15 });
    expect(await refusal()).toEqual({
      code: 'token_budget',
      message:
        'The limit of this application is 40 tokens per day, of which 15 are left. This call may take up to 30. It resets at 2026-02-01T00:00:00Z: try again then. Or lower max_tokens or send less.',
      retryAfterSeconds: 12 * 3600,
    });
    await allow({ tokensPerMonth: 20 }, 'a');
    expect(await refusal({ maxOutputTokens: 30 })).toMatchObject({
      code: 'token_budget',
      message: expect.stringContaining('ask the owner'),
    });
    now += 12 * 3_600_000;
    await allow({ tokensPerDay: 40 }, 'a');
    await reserve();
  });

  it('refuses a money budget in dollars, rounded up per call', async () => {
    await allow({ microUsdPerDay: 25 }, 'a');
    (await reserve()).settle({ inputTokens: 5, outputTokens: 3 });
    expect(await used('a')).toBe(5);
    const cached = { inputTokens: 5, outputTokens: 3, costMicroUsd: 0 };
    (await reserve({ maxOutputTokens: 1 })).settle(cached);
    expect(await used('a')).toBe(5);
    const { code, message } = await refusal({ maxOutputTokens: 18 });
    expect(code).toBe('money_budget');
    expect(message).toContain(
      '0.000025 US dollars per day, of which 0.00002 are left',
    );
  });

  it('does not let a model without a price use up a money budget', async () => {
    await reserve({ model: 'unpriced' });
    await allow({ microUsdPerDay: 25 }, 'a');
    await expect(reserve({ model: 'unpriced' })).rejects.toMatchObject({
      name: 'ForbiddenError',
      code: 'model_without_price',
    });
  });

  it('holds the limit of the environment over all applications', async () => {
    await allow({ tokensPerDay: 60 });
    await reserve({ clientId: 'a' });
    await reserve({ clientId: 'b' });
    expect((await refusal({ clientId: 'c' })).message).toContain(
      'The limit of this environment is 60 tokens per day',
    );
  });

  it('takes nothing of other limits when one refuses', async () => {
    await allow({ tokensPerDay: 1000 }, 'a');
    await allow({ tokensPerDay: 20 });
    await refusal();
    expect(await used('a')).toBe(0);
  });

  it('gives back what was not used, once', async () => {
    await allow({ tokensPerDay: 100 }, 'a');
    const reservation = await reserve();
    expect(await used('a')).toBe(30);
    reservation.settle({ inputTokens: 10, outputTokens: 2 });
    reservation.settle({ inputTokens: 10, outputTokens: 2 });
    reservation.release();
    expect(await used('a')).toBe(12);
    (await reserve()).release();
    expect(await used('a')).toBe(12);
  });

  it('counts what was used beyond the estimate', async () => {
    await allow({ tokensPerDay: 100 }, 'a');
    (await reserve()).settle({ inputTokens: 90, outputTokens: 20 });
    expect(await used('a')).toBe(110);
    expect((await refusal()).message).toContain('of which 0 are left');
  });

  it('books a call on the day on which it began', async () => {
    await allow({ tokensPerDay: 30 }, 'a');
    now = Date.parse('2026-01-31T23:59:59Z');
    const overnight = await reserve();
    now += 2000;
    const next = await reserve();
    overnight.settle({ inputTokens: 10, outputTokens: 0 });
    expect(await used('a')).toBe(30);
    next.release();
    expect(await used('a')).toBe(0);
  });

  it('obeys a changed limit at the next call', async () => {
    await allow({ tokensPerDay: 30 }, 'a');
    await reserve();
    await refusal();
    await allow({ tokensPerDay: 60 }, 'a');
    await expect(reserve()).resolves.toBeDefined();
    await refusal();
    await allow({}, 'a');
    await expect(reserve()).resolves.toBeDefined();
  });

  it('shares budgets between processes', async () => {
    await allow({ tokensPerDay: 60 });
    const second = limits.start();
    await reserve();
    await reserve({}, second);
    expect(await refusal({ maxOutputTokens: 0 })).toMatchObject(spent);
    expect(await refusal({ maxOutputTokens: 0 }, second)).toMatchObject(spent);
  });

  it('forgets nothing over a crash, what was in flight included', async () => {
    await allow({ tokensPerDay: 100 }, 'a');
    (await reserve()).settle({ inputTokens: 10, outputTokens: 5 });
    await first.gate.flush();
    await reserve();
    first.kill();
    const restarted = limits.start();
    expect(await used('a', restarted)).toBe(45);
    await reserve({ inputTokens: 35 }, restarted);
    const more = { inputTokens: 1, maxOutputTokens: 0 };
    expect(await refusal(more, restarted)).toMatchObject(spent);
  });

  it('loses one lease to a crash, a 256th of the cap, and no more', async () => {
    await allow({ tokensPerDay: 25_600 }, 'a');
    await reserve();
    first.kill();
    const restarted = limits.start();
    expect(await used('a', restarted)).toBe(100);
    const rest = { inputTokens: 25_500, maxOutputTokens: 0 };
    await expect(reserve(rest, restarted)).resolves.toBeDefined();
  });

  it('asks the shared counters about once per lease, not per call', async () => {
    let draws = 0;
    const counted = limits.start(ledger => {
      const wrapped = Object.create(ledger) as LimitLedger;
      wrapped.draw = all => {
        draws += 1;
        return ledger.draw(all);
      };
      return wrapped;
    });
    await counted.overview.setLimits({ tokensPerDay: 10_000_000 }, 'a');
    for (let n = 0; n < 10_000; n++) {
      (await reserve({}, counted)).settle({ inputTokens: 10, outputTokens: 9 });
    }
    expect(draws).toBeLessThanOrEqual(10_000 / 1000);
  });

  it('lets nothing through when the counters cannot be reached', async () => {
    await allow({ tokensPerDay: 100 }, 'a');
    const broken = limits.start(ledger =>
      Object.assign(Object.create(ledger), {
        draw() {
          throw new Error('disk I/O error');
        },
      }),
    );
    await expect(reserve({}, broken)).rejects.toMatchObject({
      name: 'DependencyError',
      code: 'limits_unavailable',
      kind: 'unavailable',
    });
  });

  it('keeps what it could not report and reports it later', async () => {
    let failing = true;
    const process = limits.start(ledger =>
      Object.assign(Object.create(ledger), {
        giveBack(returns: Parameters<LimitLedger['giveBack']>[0]) {
          if (failing) throw new Error('database is locked');
          return ledger.giveBack(returns);
        },
      }),
    );
    await allow({ tokensPerDay: 100, tokensPerMinute: 100 }, 'a');
    now += 1000;
    (await reserve({}, process)).settle({ inputTokens: 5, outputTokens: 0 });
    await expect(process.gate.flush()).rejects.toThrow('locked');
    failing = false;
    expect(await process.overview.getState('a')).toMatchObject([
      { name: 'tokensPerMinute', used: 5, left: 95 },
      { name: 'tokensPerDay', used: 5, left: 95 },
    ]);
  });

  it('gives its leases back when it closes', async () => {
    await allow({ tokensPerDay: 6400 }, 'a');
    (await reserve()).settle({ inputTokens: 10, outputTokens: 20 });
    await first.gate.close();
    await first.gate.close();
    const second = limits.start();
    const rest = { inputTokens: 6370, maxOutputTokens: 0 };
    await expect(reserve(rest, second)).resolves.toBeDefined();
  });
});
