import { answerJson, DONE, startStream } from '../testing/StubUpstream';
import type { Behaviour } from '../testing/StubUpstream';
import type { FakeBedrock } from '../adapters/aws/bedrock/testing/FakeBedrock';
import { startFakeProvider } from '../adapters/aws/bedrock/testing/startFakeProvider';
import { Harness, startHarness } from '../testing/harness';

const CAP = 6000;
/** What the upstream writes when nobody tells it to stop. */
const UNBOUND = 100_000;
const messages = [{ role: 'user', content: 'Hi' }];

/** Writes as much as any reading of the request allows, as a server may. */
const spend: Behaviour = (request, response) => {
  const most = (names: string, otherwise: number) => {
    const found = request.raw.matchAll(
      new RegExp(`"(?:${names})":\\s*(\\d+)`, 'gi'),
    );
    const values = [...found].map(([, value]) => Number(value));
    return values.length > 0 ? Math.max(...values) : otherwise;
  };
  const tokens =
    most('max_tokens|max_completion_tokens|n_predict', UNBOUND) * most('n', 1);
  const usage = { prompt_tokens: 1, completion_tokens: tokens };
  if (request.body.stream) {
    const event = JSON.stringify({ choices: [], usage });
    startStream(response).end(`data: ${event}\n\n${DONE}`);
    return;
  }
  const message = { role: 'assistant', content: 'x' };
  answerJson(200, { choices: [{ message }], usage })(request, response);
};

describe('an answer under limits', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
    harness.upstream.behave = spend;
  });
  afterEach(() => harness.close());

  async function send(raw: string, url = '/v1/chat/completions') {
    return harness.app.fastify.inject({
      method: 'POST',
      url,
      headers: {
        ...(await harness.auth.bearer()),
        'content-type': 'application/json',
      },
      payload: raw,
    });
  }
  const chat = (members: string) =>
    `{"model":"stub-chat","messages":${JSON.stringify(messages)},${members}}`;
  const spent = async () =>
    (await harness.booked()).reduce(
      (sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens,
      0,
    );

  const attempts = [
    ['many answers of no stated length', '"n":128'],
    ['many short answers', '"n":128,"max_tokens":100'],
    ['two maxima', '"max_completion_tokens":1,"max_tokens":900000'],
    [
      'the other maximum first',
      '"max_tokens":1,"max_completion_tokens":900000',
    ],
    ['a maximum of llama.cpp', '"max_tokens":1,"n_predict":900000'],
    ['a maximum twice', '"max_tokens":900000,"max_tokens":1'],
    ['a maximum twice, in escapes', '"max_\\u0074okens":900000,"max_tokens":1'],
    ['the number of answers twice', '"n":128,"max_tokens":100,"n":1'],
    ['a maximum in capitals', '"max_tokens":1,"MAX_TOKENS":900000'],
    [
      'a maximum with the Kelvin sign',
      '"max_tokens":1,"max_to\u212aens":900000',
    ],
    ['the number of answers in capitals', '"max_tokens":1,"N":128000'],
    ['no maximum', '"temperature":0'],
  ];

  it.each(attempts)('spends no more than the cap: %s', async (_, members) => {
    await harness.model.limits.setLimits({ tokensPerDay: CAP });
    for (const stream of ['', ',"stream":true']) {
      const { statusCode } = await send(chat(members + stream));
      expect([200, 429]).toContain(statusCode);
    }
    expect(await spent()).toBeLessThanOrEqual(CAP);
    for (const { raw } of harness.upstream.received) {
      expect(raw.match(/max_tokens|max_completion_tokens/gi)).toHaveLength(1);
    }
  });

  it('spends no more than the cap when 64 ask at once', async () => {
    await harness.model.limits.setLimits({ tokensPerDay: CAP }, 'app-1');
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        send(
          chat(`"max_tokens":${50 * (1 + (index % 4))},"n":2,"max_tokens":9`),
        ),
      ),
    );
    const passed = answers.filter(({ statusCode }) => statusCode === 200);
    expect(passed.length).toBeGreaterThan(10);
    expect(await spent()).toBeLessThanOrEqual(CAP);
    const [state] = await harness.model.limits.getState('app-1');
    expect(state.used).toBe(await spent());
  });

  it('is held to a money budget, too', async () => {
    await harness.close();
    harness = await startHarness({
      prices: { 'stub-chat': { input: 1, output: 1 } },
    });
    harness.upstream.behave = spend;
    await harness.model.limits.setLimits({ microUsdPerDay: CAP });
    const answer = await send(chat('"max_tokens":900,"max_tokens":2'));
    expect(answer.statusCode).toBe(200);
    expect(harness.upstream.received[0].body.max_tokens).toBe(2);
    expect(harness.upstream.received[0].raw).not.toContain('900');
  });

  it.each([
    [
      '/v1/messages',
      { model: 'stub-chat', max_tokens: 70, messages },
      { max_tokens: 70 },
    ],
    ['/model/invoke', { model_name: 'stub-chat', prompt: 'Hi' }, {}],
    [
      '/model/invoke_with_raw_input',
      { model_id: 'stub-chat', raw_input: { prompt: 'Hi' } },
      {},
    ],
  ])('has a maximum on %s', async (url, body, sent) => {
    await harness.model.limits.setLimits({ tokensPerDay: CAP });
    const { statusCode } = await send(JSON.stringify(body), url);
    expect(statusCode).toBe(200);
    expect(harness.upstream.received[0].body).toMatchObject({
      max_tokens: 4096,
      ...sent,
    });
    expect(await spent()).toBeLessThanOrEqual(CAP);
  });

  describe('of Bedrock', () => {
    let stop: () => Promise<void>;
    let bedrock: FakeBedrock;
    beforeEach(async () => {
      await harness.close();
      const fake = await startFakeProvider();
      ({ stop, bedrock } = fake);
      bedrock.behave = (_call, response) => response.writeHead(500).end();
      harness = await startHarness({
        providers: [fake.provider],
        models: ['nova'],
        retry: { maxAttempts: 1 },
        prices: { nova: { input: 1, output: 1 } },
      });
      await harness.model.limits.setLimits({ tokensPerDay: CAP });
    });
    afterEach(() => stop());

    it.each([
      ['/v1/chat/completions', { model: 'nova', messages }],
      ['/v1/chat/completions', { model: 'nova', messages, stream: true }],
      ['/model/invoke', { model_name: 'nova', prompt: 'Hi' }],
    ])('has a maximum on %s', async (url, body) => {
      await send(JSON.stringify(body), url);
      const [{ body: sent }] = bedrock.received;
      expect(sent).toMatchObject({ inferenceConfig: { maxTokens: 4096 } });
    });

    it('has one that a raw input must name', async () => {
      const raw = (input: object) =>
        send(
          JSON.stringify({ model_id: 'nova', raw_input: input }),
          '/model/invoke_with_raw_input',
        );
      const refused = await raw({ messages });
      expect(refused.statusCode).toBe(400);
      expect(refused.json().code).toBe('max_tokens_required');
      expect(bedrock.received).toHaveLength(0);
      // The largest counts, and each answer.
      for (const more of [{ max_tokens: 9000 }, { max_gen_len: 9, n: 900 }]) {
        const answer = await raw({ messages, maxTokens: 9, ...more });
        expect(answer.statusCode).toBe(429);
      }
    });
  });

  it.each([
    ['"functions":[{"name":"f","description":"LONG"}]'],
    ['"response_format":{"type":"json_schema","json_schema":{"x":"LONG"}}'],
    ['"chat_template":"LONG"'],
  ])('has a question of which all is reserved: %s', async members => {
    await harness.model.limits.setLimits({ tokensPerDay: CAP });
    const long = 'word '.repeat(CAP);
    const asked = `"max_tokens":1,${members.replace('LONG', long)}`;
    expect((await send(chat(asked))).statusCode).toBe(429);
    expect(harness.upstream.received).toHaveLength(0);
  });

  it('passes as it was asked for where no limit holds', async () => {
    const raw = chat('"n":2,  "max_completion_tokens":5');
    await send(raw);
    await harness.model.limits.setLimits({ requestsPerMinute: 10 });
    await send(raw);
    expect(harness.upstream.received.map(each => each.raw)).toEqual([raw, raw]);
    expect(await spent()).toBe(22);
  });

  it('is booked with all choices, also by a server that does not count', async () => {
    const message = { role: 'assistant', content: 'one two three' };
    harness.upstream.behave = answerJson(200, {
      choices: [{ message }, { message }, { message }],
    });
    await send(chat('"n":3'));
    expect(await harness.booked()).toMatchObject([{ outputTokens: 9 }]);
  });

  it('is of the model that was asked, however a server reads names', async () => {
    await send(chat('"Model":"stub-forbidden"'));
    expect(harness.upstream.received[0].raw).not.toContain('stub-forbidden');
  });
});
