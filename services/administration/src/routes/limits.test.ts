import { InvalidInputError } from '@genai-environments/service-kit';
import { Harness, startHarness } from '../testing/harness';

describe('limits', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.app.close());

  const put = (url: string, payload: object) =>
    harness.call('PUT', url, { payload });

  it.each([
    ['/admin/limits', ''],
    ['/admin/limits/app-1', 'app-1'],
  ])('of %s are set, replaced and read', async (url, key) => {
    const all = {
      requests_per_minute: 1,
      tokens_per_minute: 2,
      tokens_per_day: 3,
      tokens_per_month: 4,
      micro_usd_per_day: 5,
      micro_usd_per_month: 6,
    };
    expect((await put(url, all)).json.limits).toEqual(all);
    expect(harness.limits.get(key)).toEqual({
      requestsPerMinute: 1,
      tokensPerMinute: 2,
      tokensPerDay: 3,
      tokensPerMonth: 4,
      microUsdPerDay: 5,
      microUsdPerMonth: 6,
    });
    const replaced = await put(url, { tokens_per_day: 0 });
    expect(replaced.status).toBe(200);
    const read = await harness.call('GET', url);
    expect(read.json).toEqual({
      limits: { tokens_per_day: 0 },
      state: [
        {
          name: 'tokens_per_day',
          limit: 0,
          used: 0,
          left: 0,
          resets_at: '2026-02-01T00:00:00.000Z',
        },
      ],
    });
  });

  it('answer 404 for an application that does not exist', async () => {
    const url = '/admin/limits/nobody';
    expect((await harness.call('GET', url)).status).toBe(404);
    expect((await put(url, { tokens_per_day: 1 })).status).toBe(404);
    expect(harness.limits.size).toBe(0);
  });

  it.each([
    { requests_per_minute: 0 },
    { tokens_per_day: -1 },
    { tokens_per_day: 1.5 },
    { tokens_per_year: 1 },
  ])('answer 422 to %j', async payload => {
    expect((await put('/admin/limits', payload)).status).toBe(422);
    expect((await put('/admin/limits/app-1', payload)).status).toBe(422);
    expect(harness.limits.size).toBe(0);
  });

  it('answer 404 where no models are invoked', async () => {
    const without = await startHarness({ withLimits: false });
    const { status, json } = await without.call('GET', '/admin/limits');
    expect(status).toBe(404);
    expect(json.code).toBe('limits_unavailable');
    await without.app.close();
  });
});

describe('the invocation log', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.app.close());

  const read = (url: string) =>
    harness.call('GET', `/admin/invocations/${url}`);

  it('is answered in pages, newest first', async () => {
    harness.sources.log = {
      async page(_clientId, { limit, cursor }) {
        if (cursor === 'bad') throw new InvalidInputError('Not a cursor.');
        const call = {
          model: 'm',
          status: 'cancelled' as const,
          inputTokens: limit,
          outputTokens: 2,
          costMicroUsd: 250,
          durationMs: 3,
          cached: false,
          at: Date.parse('2026-01-31T11:00:00Z'),
        };
        return { items: [call], nextCursor: cursor ? undefined : '41' };
      },
    };
    const first = await read('app-1?limit=7');
    expect(first.json).toEqual({
      items: [
        {
          timestamp: '2026-01-31T11:00:00.000Z',
          model_id: 'm',
          status: 'CANCELLED',
          input_tokens: 7,
          output_tokens: 2,
          cost_usd: 0.00025,
          duration_ms: 3,
          cached: false,
        },
      ],
      last_evaluated_key: '41',
    });
    const last = await read('app-1?cursor=41');
    expect(last.json.last_evaluated_key).toBeNull();
    expect((await read('app-1?cursor=bad')).status).toBe(400);
  });

  it('answers 404 and 422', async () => {
    expect((await read('nobody')).status).toBe(404);
    expect((await read('app-1?limit=1001')).status).toBe(422);
    expect((await read('a%20b')).status).toBe(422);
  });
});
