import { Harness, startHarness } from '../testing/harness';

const CAP = 2000;
const STREAMS = 64;
const TEXT =
  'Rivers carry water to the sea. Ships carry goods along rivers. Dams hold water back.';

describe('calls against limits', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  const ask = (stream: boolean) =>
    harness.post('/v1/chat/completions', {
      model: 'local.extractive',
      max_tokens: 100,
      stream,
      messages: [{ role: 'user', content: `Summarize: ${TEXT}` }],
    });
  const invoke = () =>
    harness.post('/model/invoke', {
      model_name: 'local.extractive',
      prompt: `Summarize: ${TEXT}`,
      max_tokens: 100,
    });
  const spent = async () => {
    const items = await harness.booked();
    return items.reduce(
      (sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens,
      0,
    );
  };

  it(`of ${STREAMS} streams at once let through what the budget allows`, async () => {
    await harness.model.limits.setLimits({ tokensPerDay: CAP });
    const answers: Array<Awaited<ReturnType<typeof ask>>> = [];
    let passedLast = STREAMS;
    while (passedLast > 0) {
      const streams = Array.from({ length: STREAMS }, () => ask(true));
      const round = await Promise.all(streams);
      passedLast = round.filter(({ statusCode }) => statusCode === 200).length;
      answers.push(...round);
    }
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    const passed = answers.filter(({ statusCode }) => statusCode === 200);
    expect(refused.length + passed.length).toBe(answers.length);
    expect(passed.length).toBeGreaterThan(10);
    expect(refused.length).toBeGreaterThan(10);
    for (const { headers, json } of refused) {
      expect(headers['content-type']).toContain('application/problem+json');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(json.code).toBe('token_budget');
    }

    const booked = await spent();
    expect(booked).toBeLessThanOrEqual(CAP);
    const [state] = await harness.model.limits.getState();
    expect(state.used).toBe(booked);
    expect(state.left).toBeLessThan(200);
  }, 60_000);

  it('hold after a restart, on classic and OpenAI-compatible routes alike', async () => {
    await harness.model.limits.setLimits({ tokensPerDay: 300 }, 'app-1');
    expect((await invoke()).statusCode).toBe(200);
    await harness.restart();
    const [state] = await harness.model.limits.getState('app-1');
    expect(state.used).toBe(await spent());
    let answer = await invoke();
    for (let n = 0; n < 20 && answer.statusCode === 200; n += 1) {
      answer = await invoke();
    }
    expect(answer.statusCode).toBe(429);
    expect(answer.json).toMatchObject({
      code: 'token_budget',
      detail: expect.stringContaining('300 tokens per day'),
    });
    expect((await ask(false)).statusCode).toBe(429);
    const other = await harness.post(
      '/model/invoke',
      { model_name: 'local.extractive', prompt: TEXT, max_tokens: 100 },
      { clientId: 'app-2' },
    );
    expect(other.statusCode).toBe(200);
  });

  it('are not used up by refused calls, nor booked', async () => {
    await harness.model.limits.setLimits({ requestsPerMinute: 1 }, 'app-1');
    expect((await invoke()).statusCode).toBe(200);
    for (let n = 0; n < 5; n += 1) {
      const { statusCode, json } = await invoke();
      expect(statusCode).toBe(429);
      expect(json.code).toBe('requests_per_minute');
    }
    expect(await harness.booked()).toMatchObject([{ invocations: 1 }]);
  });

  it('log every call that was made', async () => {
    await invoke();
    await ask(true);
    const { items } = await harness.model.log.page('app-1', { limit: 10 });
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({
      model: 'local.extractive',
      status: 'succeeded',
      cached: false,
    });
    expect(items[0].outputTokens).toBeGreaterThan(0);
  });
});
