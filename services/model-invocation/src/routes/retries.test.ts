import { Harness, startHarness } from '../testing/harness';
import { ScriptedModelProvider } from '../testing/ScriptedModelProvider';
import {
  answerCompletion,
  answerJson,
  answerStream,
  Behaviour,
  textChunk,
} from '../testing/StubUpstream';

const messages = [{ role: 'user', content: 'Hello' }];
const chat = { model: 'stub-chat', messages };
const retry = { baseDelayMs: 1, maxDelayMs: 1000 };

/** Behaves as the list says, one request after the other; the last one stays. */
function inTurn(...behaviours: Behaviour[]): Behaviour {
  return (request, response) => {
    const behave = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    behave!(request, response);
  };
}

describe('retries', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness({ retry });
  });
  afterEach(() => harness.close());

  it.each([
    ['chat', '/v1/chat/completions', chat],
    ['invoke', '/model/invoke', { model_name: 'stub-chat', prompt: 'x' }],
    ['messages', '/v1/messages', { ...chat, max_tokens: 9 }],
  ])(
    'make a failed call of %s again and book it once',
    async (_n, url, body) => {
      harness.upstream.behave = inTurn(
        answerJson(500, {}),
        answerJson(503, {}),
        answerCompletion('Hi.'),
      );
      const { statusCode } = await harness.post(url, body);
      expect(statusCode).toBe(200);
      expect(harness.upstream.received).toHaveLength(3);
      expect(await harness.booked()).toMatchObject([
        { invocations: 1, failedInvocations: 0, inputTokens: 11 },
      ]);
    },
  );

  it('end after three attempts', async () => {
    harness.upstream.behave = answerJson(500, {});
    const { statusCode } = await harness.post('/v1/chat/completions', chat);
    expect(statusCode).toBe(502);
    expect(harness.upstream.received).toHaveLength(3);
    expect(await harness.booked()).toMatchObject([
      { invocations: 1, failedInvocations: 1 },
    ]);
  });

  it('book what a first attempt asked that nobody answered, also when the next is refused', async () => {
    harness.upstream.behave = inTurn(
      (_request, response) => response.socket!.destroy(),
      answerJson(401, {}),
    );
    const { statusCode } = await harness.post('/v1/chat/completions', chat);
    expect(statusCode).toBe(502);
    expect(harness.upstream.received).toHaveLength(2);
    const [booked] = await harness.booked();
    expect(booked).toMatchObject({ invocations: 1, failedInvocations: 1 });
    expect(booked.inputTokens).toBeGreaterThan(0);
  });

  it('make a stream again that was refused, not one that began', async () => {
    harness.upstream.behave = inTurn(
      answerJson(500, {}),
      answerStream(textChunk('One')),
    );
    const { body } = await harness.post('/v1/chat/completions', {
      ...chat,
      stream: true,
    });
    expect(body).toContain('One');
    expect(body).toContain('model_stream_cut');
    expect(harness.upstream.received).toHaveLength(2);
  });

  it('do not come before the time that the upstream asks for', async () => {
    let first = 0;
    let second = 0;
    harness.upstream.behave = inTurn(
      (request, response) => {
        first = performance.now();
        answerJson(429, {}, { 'retry-after': '1' })(request, response);
      },
      (request, response) => {
        second = performance.now();
        answerCompletion('Hi.')(request, response);
      },
    );
    const { statusCode } = await harness.post('/v1/chat/completions', chat);
    expect(statusCode).toBe(200);
    // Timers of Node may be a millisecond early.
    expect(second - first).toBeGreaterThanOrEqual(998);
  });

  it('leave a longer wait to the caller', async () => {
    harness.upstream.behave = answerJson(429, {}, { 'retry-after': '30' });
    const { statusCode, headers } = await harness.post(
      '/v1/chat/completions',
      chat,
    );
    expect(statusCode).toBe(429);
    expect(headers['retry-after']).toBe('30');
    expect(harness.upstream.received).toHaveLength(1);
  });
});

describe('aliases', () => {
  let harness: Harness;
  let scripted: ScriptedModelProvider;
  beforeEach(async () => {
    scripted = new ScriptedModelProvider('second');
    harness = await startHarness({
      retry: { ...retry, maxAttempts: 1 },
      models: ['stub-chat', 'second', 'local.embedding'],
      providers: [scripted],
      aliases: { best: ['stub-chat', 'second'] },
    });
  });
  afterEach(() => harness.close());

  it('are listed and ask the first model', async () => {
    const { json } = await harness.post('/v1/chat/completions', {
      ...chat,
      model: 'best',
    });
    expect(json.model).toBe('stub-chat');
    expect(harness.upstream.received[0].body.model).toBe('stub-chat');
    const list = await harness.app.fastify.inject({
      url: '/v1/models',
      headers: await harness.auth.bearer(),
    });
    expect(list.json().data).toContainEqual(
      expect.objectContaining({ id: 'best', owned_by: 'alias' }),
    );
  });

  it.each([
    ['chat', '/v1/chat/completions', { messages }],
    ['messages', '/v1/messages', { messages, max_tokens: 9 }],
    ['a stream', '/v1/chat/completions', { messages, stream: true }],
    [
      'streamed messages',
      '/v1/messages',
      { messages, max_tokens: 9, stream: true },
    ],
  ])(
    'fall back to a model of another protocol for %s',
    async (_n, url, body) => {
      harness.upstream.behave = answerJson(503, {}, { 'retry-after': '1' });
      const answer = await harness.post(url, { ...body, model: 'best' });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('Done.');
      expect(answer.body).toContain('"model":"second"');
      expect(await harness.booked()).toMatchObject([
        { model: 'second', invocations: 1, inputTokens: 5, outputTokens: 2 },
        { model: 'stub-chat', invocations: 1, failedInvocations: 1 },
      ]);
    },
  );

  it('do not fall back for what the caller did wrong', async () => {
    harness.upstream.behave = answerJson(400, { error: 'bad' });
    const { statusCode } = await harness.post('/v1/chat/completions', {
      messages,
      model: 'best',
    });
    expect(statusCode).toBe(400);
    expect(scripted.asked).toEqual([]);
  });
});
