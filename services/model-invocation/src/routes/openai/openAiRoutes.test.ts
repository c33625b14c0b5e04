import OpenAI from 'openai';
import {
  answerCompletion,
  answerJson,
  StubUpstream,
} from '../../testing/StubUpstream';
import { Harness, startHarness } from '../../testing/harness';

const TEXT =
  'The bridge opened in May 2021. It cost 88 million euros. Anna de Vries designed it.';
const messages = [
  { role: 'user' as const, content: `${TEXT}\n\nWho designed it?` },
];

describe('OpenAI-compatible routes', () => {
  let harness: Harness;
  let upstream: StubUpstream;
  let client: OpenAI;

  beforeEach(async () => {
    harness = await startHarness();
    ({ upstream } = harness);
    const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    client = new OpenAI({
      baseURL: `http://127.0.0.1:${port}/v1`,
      apiKey: await harness.auth.token(),
      maxRetries: 0,
    });
  });
  afterEach(() => harness.close());

  describe('through the official SDK', () => {
    it('lists and describes models', async () => {
      const ids: string[] = [];
      for await (const model of client.models.list()) ids.push(model.id);
      expect(ids).toEqual([
        'stub-chat',
        'stub-embed',
        'local.extractive',
        'local.embedding',
      ]);
      expect(await client.models.retrieve('stub-chat')).toMatchObject({
        owned_by: 'stub',
      });
      await expect(client.models.retrieve('nope')).rejects.toMatchObject({
        status: 404,
        code: 'model_not_found',
      });
    });

    it('completes a chat with the built-in model', async () => {
      const completion = await client.chat.completions.create({
        model: 'local.extractive',
        messages,
      });
      expect(completion.choices[0]).toMatchObject({
        message: { role: 'assistant', content: 'Anna de Vries designed it.' },
        finish_reason: 'stop',
      });
      expect(await harness.booked()).toMatchObject([
        {
          inputTokens: completion.usage!.prompt_tokens,
          outputTokens: completion.usage!.completion_tokens,
        },
      ]);
    });

    it('streams a chat of the built-in model with usage', async () => {
      const stream = await client.chat.completions.create({
        model: 'local.extractive',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = '';
      let usage;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.usage ?? usage;
      }
      expect(text).toBe('Anna de Vries designed it.');
      expect(await harness.booked()).toMatchObject([
        {
          inputTokens: usage!.prompt_tokens,
          outputTokens: usage!.completion_tokens,
        },
      ]);
    });

    it('honours max_tokens and stop', async () => {
      const cut = await client.chat.completions.create({
        model: 'local.extractive',
        messages,
        max_completion_tokens: 2,
      });
      expect(cut.choices[0]).toMatchObject({
        message: { content: 'Anna de' },
        finish_reason: 'length',
      });
      const stopped = await client.chat.completions.create({
        model: 'local.extractive',
        messages,
        stop: ' designed',
      });
      expect(stopped.choices[0]).toMatchObject({
        message: { content: 'Anna de Vries' },
        finish_reason: 'stop',
      });
    });

    it('embeds texts, in base64 as the SDK asks by default and as numbers', async () => {
      const input = ['a bridge over the river', 'the price of tea'];
      const encoded = await client.embeddings.create({
        model: 'local.embedding',
        input,
      });
      const plain = await client.embeddings.create({
        model: 'local.embedding',
        input,
        encoding_format: 'float',
      });
      expect(encoded.data).toHaveLength(2);
      encoded.data[1].embedding.forEach((value, index) =>
        expect(value).toBeCloseTo(plain.data[1].embedding[index], 6),
      );
      expect(await harness.booked()).toMatchObject([
        { model: 'local.embedding', invocations: 2, outputTokens: 0 },
      ]);
    });

    it('raises errors that name what is wrong', async () => {
      await expect(
        client.chat.completions.create({ model: 'gpt-9', messages }),
      ).rejects.toMatchObject({
        status: 404,
        code: 'model_not_found',
        message: expect.stringContaining('stub-chat, local.extractive'),
      });
      await expect(
        new OpenAI({
          baseURL: client.baseURL,
          apiKey: 'nonsense',
          maxRetries: 0,
        }).models.list(),
      ).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    });
  });

  it('answers errors that are a problem and an OpenAI error at once', async () => {
    const { statusCode, json, headers } = await harness.post(
      '/v1/chat/completions',
      { model: 'stub-chat', messages: [] },
    );
    expect(statusCode).toBe(422);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({
      status: 422,
      issues: [{ path: 'messages' }],
      error: {
        message: json.detail,
        type: 'invalid_request_error',
        param: 'messages',
        code: 'schema_violation',
      },
    });
  });

  it.each([
    [
      'images',
      { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
    ],
    ['several answers', { messages, n: 2 }],
  ])('says that the built-in model cannot do %s', async (_what, payload) => {
    const { statusCode, json } = await harness.post('/v1/chat/completions', {
      model: 'local.extractive',
      ...payload,
    });
    expect(statusCode).toBe(400);
    expect(json.error.message).toContain('local.extractive');
  });

  it.each([
    ['other dimensions', { input: 'x', dimensions: 100 }],
    ['token numbers', { input: [1, 2, 3] }],
    ['a blank text', { input: ' ' }],
  ])(
    'says that the built-in embedding cannot do %s',
    async (_what, payload) => {
      const { statusCode } = await harness.post('/v1/embeddings', {
        model: 'local.embedding',
        ...payload,
      });
      expect(statusCode).toBe(400);
    },
  );

  describe('in front of an upstream', () => {
    it('passes request and answer on as they are', async () => {
      upstream.behave = answerCompletion('Hello.', { extra: { x: 1 } });
      const payload = {
        model: 'stub-chat',
        messages: [{ role: 'user', content: 'Grüße, 世界' }],
        tools: [{ type: 'function', function: { name: 'f' } }],
        temperature: 0,
      };
      const { json } = await harness.post('/v1/chat/completions', payload);
      expect(upstream.received[0].raw).toBe(JSON.stringify(payload));
      expect(json).toMatchObject({ id: 'chatcmpl-stub', extra: { x: 1 } });
      expect(await harness.booked()).toMatchObject([
        { model: 'stub-chat', inputTokens: 11, outputTokens: 7 },
      ]);
    });

    it("never passes the caller's token on", async () => {
      await harness.post('/v1/chat/completions', {
        model: 'stub-chat',
        messages,
      });
      expect(upstream.received[0].headers.authorization).toBe(
        'Bearer upstream-key',
      );
    });

    it.each([
      [
        'twice',
        '{"model":"stub-forbidden","model":"stub-chat","messages":[{"role":"user","content":"x"}]}',
      ],
      [
        'in escapes',
        '{"mod\\u0065l":"stub-forbidden","model":"stub-chat","messages":[{"role":"user","content":"x"}]}',
      ],
    ])('does not let a model through that is named %s', async (_how, raw) => {
      const answer = await harness.app.fastify.inject({
        method: 'POST',
        url: '/v1/chat/completions',
        headers: {
          ...(await harness.auth.bearer()),
          'content-type': 'application/json',
        },
        payload: raw,
      });
      expect(answer.statusCode).toBe(200);
      expect(upstream.received[0].raw).not.toContain('stub-forbidden');
    });

    it.each([
      ['a second time', '"stream_options":{}'],
      ['in escapes', '"stream_\\u006fptions":{}'],
    ])(
      'asks for usage of a stream though the caller waives it %s',
      async (_how, waiver) => {
        await harness.app.fastify.inject({
          method: 'POST',
          url: '/v1/chat/completions',
          headers: {
            ...(await harness.auth.bearer()),
            'content-type': 'application/json',
          },
          payload: `{"model":"stub-chat","messages":[{"role":"user","content":"x"}],"stream":true,${waiver},"stream_options":{"include_usage":true}}`,
        });
        expect(upstream.received[0].raw.match(/stream_/g)).toHaveLength(1);
        expect(upstream.received[0].body.stream_options).toEqual({
          include_usage: true,
        });
      },
    );

    it('passes embeddings on and encodes them for an upstream that does not', async () => {
      upstream.behave = answerJson(200, {
        object: 'list',
        model: 'stub-embed',
        data: [{ object: 'embedding', index: 0, embedding: [0.5, -2] }],
        usage: { prompt_tokens: 3, total_tokens: 3 },
      });
      const answer = await client.embeddings.create({
        model: 'stub-embed',
        input: 'x',
      });
      expect(Array.from(answer.data[0].embedding)).toEqual([0.5, -2]);
      expect(await harness.booked()).toMatchObject([
        { model: 'stub-embed', inputTokens: 3, outputTokens: 0 },
      ]);
    });

    it('turns its failure into an error the SDK understands', async () => {
      upstream.behave = answerJson(500, '<html>boom</html>');
      await expect(
        client.chat.completions.create({ model: 'stub-chat', messages }),
      ).rejects.toMatchObject({ status: 502, code: 'model_failed' });
      expect(await harness.booked()).toMatchObject([
        { invocations: 1, failedInvocations: 1 },
      ]);
    });

    it('refuses garbage', async () => {
      upstream.behave = answerJson(200, '{"choices": [');
      const { statusCode } = await harness.post('/v1/chat/completions', {
        model: 'stub-chat',
        messages,
      });
      expect(statusCode).toBe(502);
    });
  });
});
