import { Harness, startHarness } from '../testing/harness';

describe('GET /v1/usage', () => {
  let harness: Harness;
  let asked: unknown[];
  beforeEach(async () => {
    harness = await startHarness();
    asked = [];
    harness.sources.usage = {
      sumByModel: async () => [],
      async query(query) {
        asked.push(query);
        return [
          {
            day: '2026-01-30',
            model: 'm',
            invocations: 4,
            failedInvocations: 1,
            cancelledInvocations: 1,
            cachedInvocations: 1,
            inputTokens: 10,
            outputTokens: 5,
            costMicroUsd: 20,
            durationMs: 100,
          },
        ];
      },
    };
  });
  afterEach(() => harness.app.close());

  const get = async (
    query = '',
    claims?: Parameters<Harness['auth']['bearer']>[0],
  ) =>
    harness.call('GET', `/v1/usage${query}`, {
      headers: await harness.auth.bearer(claims),
    });

  it('answers usage of this month and limits, of the caller alone', async () => {
    harness.limits.set('app-2', { tokensPerDay: 100 });
    const { status, json } = await get('', { clientId: 'app-2' });
    expect(status).toBe(200);
    const range = { from: '2026-01-01', to: '2026-01-31' };
    expect(asked).toEqual([{ ...range, clientId: 'app-2' }]);
    expect(json).toEqual({
      client_id: 'app-2',
      ...range,
      items: [
        {
          day: '2026-01-30',
          model: 'm',
          invocations: 4,
          failed_invocations: 1,
          cancelled_invocations: 1,
          cached_invocations: 1,
          input_tokens: 10,
          output_tokens: 5,
          cost_usd: 0.00002,
        },
      ],
      limits: [
        {
          name: 'tokens_per_day',
          limit: 100,
          used: 0,
          left: 100,
          resets_at: '2026-02-01T00:00:00.000Z',
        },
      ],
    });
  });

  it('is open to its own scope', async () => {
    const scopes = ['genai/usage.read'];
    harness.auth.directory.put({ clientId: 'app-1', enabled: true, scopes });
    expect((await get('', { scope: 'genai/usage.read' })).status).toBe(200);
    const other = await get('', { scope: 'genai/model.invoke' });
    expect(other.status).toBe(403);
  });

  it('answers 400, 401 and 422', async () => {
    expect((await get('?from=2026-01-02&to=2026-01-01')).status).toBe(400);
    const long = await get('?from=2024-01-01&to=2026-01-01');
    expect(long.json.code).toBe('range_too_long');
    expect((await get('?from=yesterday')).status).toBe(422);
    const anonymous = { headers: {} };
    const none = await harness.call('GET', '/v1/usage', anonymous);
    expect(none.status).toBe(401);
    expect(asked).toEqual([]);
  });
});
