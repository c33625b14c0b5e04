import { request as httpRequest } from 'node:http';
import { Harness, startHarness } from '../testing/harness';
import { RecordingTelemetry } from '../testing/RecordingTelemetry';
import {
  answerCompletion,
  answerJson,
  answerStream,
  DONE,
  startStream,
  textChunk,
  USAGE_CHUNK,
} from '../testing/StubUpstream';

const messages = [{ role: 'user', content: 'Hello there.' }];
const chat = { model: 'stub-chat', messages, temperature: 0, max_tokens: 50 };
const invoke = { model_name: 'stub-chat', prompt: 'Hello there.' };
const retry = { baseDelayMs: 1, maxDelayMs: 10 };
const usage = { inputTokens: 11, outputTokens: 7 };

describe('telemetry of calls of models', () => {
  let harness: Harness;
  let telemetry: RecordingTelemetry;
  beforeEach(async () => {
    telemetry = new RecordingTelemetry();
    harness = await startHarness({ telemetry, retry });
    harness.upstream.behave = answerCompletion('Hello.');
  });
  afterEach(() => harness.close());

  it.each([
    ['/v1/chat/completions', chat],
    ['/v1/messages', chat],
    ['/model/invoke', invoke],
    [
      '/model/invoke_with_raw_input',
      { model_id: 'stub-chat', raw_input: { prompt: 'Hello there.' } },
    ],
  ])('tells of %s', async (url, body) => {
    const { statusCode } = await harness.post(url, body);
    expect(statusCode).toBe(200);
    expect(telemetry.calls).toMatchObject([
      {
        call: {
          operation: 'chat',
          provider: 'stub',
          model: 'stub-chat',
          clientId: 'app-1',
        },
        outcome: usage,
        ends: 1,
      },
    ]);
    const [{ input, output }] = telemetry.calls;
    expect(JSON.stringify(input)).toContain('Hello there.');
    expect(JSON.stringify(output)).toContain('Hello.');
  });

  it.each(['/v1/chat/completions', '/v1/messages'])(
    'tells of the settings of %s',
    async url => {
      await harness.post(url, chat);
      const [{ call }] = telemetry.calls;
      expect(call).toMatchObject({ temperature: 0, maxTokens: 50 });
    },
  );

  it.each([
    ['/v1/embeddings', { model: 'local.embedding', input: 'x' }],
    ['/model/embed', { model_name: 'local.embedding', input_text: 'x' }],
  ])('tells of vectors of %s without any output', async (url, body) => {
    const { statusCode } = await harness.post(url, body);
    expect(statusCode).toBe(200);
    const [{ call, outcome, ends }] = telemetry.calls;
    expect(call).toMatchObject({
      operation: 'embeddings',
      provider: 'built-in',
    });
    expect(outcome).toEqual({ inputTokens: expect.any(Number) });
    expect(ends).toBe(1);
  });

  it('tells of asynchronous invocations', async () => {
    const { statusCode } = await harness.post('/model/async_invoke', invoke);
    expect(statusCode).toBeLessThan(300);
    await telemetry.ended;
    expect(telemetry.calls).toMatchObject([
      { call: { clientId: 'app-1' }, outcome: usage },
    ]);
  });

  it('tells of what other services ask', async () => {
    const { embedder, generator } = harness.model;
    await embedder.embed('app-2', { model: 'local.embedding', inputs: ['a'] });
    const { parts } = await generator.stream('app-2', {
      model: 'local.extractive',
      messages: [{ role: 'user', content: 'Hello there.' }],
    });
    for await (const _ of parts);
    expect(telemetry.calls).toMatchObject([
      { call: { operation: 'embeddings', clientId: 'app-2' }, ends: 1 },
      {
        call: { operation: 'chat', stream: true },
        outcome: { finishReasons: ['stop'] },
        ends: 1,
      },
    ]);
  });

  it('sees the first chunk of a stream that passes through', async () => {
    harness.upstream.behave = answerStream(
      textChunk('Hel'),
      textChunk('lo.'),
      USAGE_CHUNK,
      DONE,
    );
    const { body } = await harness.post('/v1/chat/completions', {
      ...chat,
      stream: true,
    });
    expect(body).toContain('[DONE]');
    const [{ call, firstChunks, outcome, output, ends }] = telemetry.calls;
    expect(call.stream).toBe(true);
    expect(firstChunks).toBeGreaterThan(0);
    expect(outcome).toMatchObject({ inputTokens: 11, outputTokens: 2 });
    expect(output).toBe('Hello.');
    expect(ends).toBe(1);
  });

  it('is one span per attempt', async () => {
    harness.upstream.behave = answerJson(500, {});
    const { statusCode } = await harness.post('/v1/chat/completions', chat);
    expect(statusCode).toBe(502);
    expect(telemetry.calls).toHaveLength(3);
    for (const { failure, ends } of telemetry.calls) {
      expect(failure).toMatchObject({ cancelled: false });
      expect(ends).toBe(1);
    }
  });

  it('is none for an answer that was remembered', async () => {
    const cached = await startHarness({
      telemetry,
      cache: { defaultSeconds: 60 },
    });
    await cached.post('/v1/chat/completions', chat);
    await cached.post('/v1/chat/completions', chat);
    await cached.close();
    expect(telemetry.calls).toHaveLength(1);
  });

  it('tells a stream that was cut short from one that ended', async () => {
    harness.upstream.behave = answerStream(textChunk('Hel'));
    await harness.post('/v1/chat/completions', { ...chat, stream: true });
    expect(telemetry.calls).toMatchObject([
      { failure: { cancelled: false }, ends: 1 },
    ]);
  });

  it.each([
    ['/v1/chat/completions', 'passes through'],
    ['/v1/messages', 'is written here'],
  ])(
    'a caller of %s that hangs up in a stream is no failure: it %s',
    async url => {
      harness.upstream.behave = (_request, response) => {
        startStream(response).write(textChunk('Hel'));
      };
      const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
      const call = httpRequest({
        ...{ port, path: url, method: 'POST', host: '127.0.0.1' },
        headers: {
          ...(await harness.auth.bearer()),
          'content-type': 'application/json',
        },
      });
      call.on('error', () => {});
      call.on('response', response =>
        response.once('data', () => call.destroy()),
      );
      call.end(JSON.stringify({ ...chat, stream: true }));
      await telemetry.ended;
      expect(telemetry.calls).toMatchObject([
        { failure: { cancelled: true }, ends: 1 },
      ]);
      expect(telemetry.calls[0].firstChunks).toBeGreaterThan(0);
    },
  );
});
