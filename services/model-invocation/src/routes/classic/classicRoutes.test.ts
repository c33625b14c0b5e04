import {
  answerCompletion,
  answerJson,
  StubUpstream,
} from '../../testing/StubUpstream';
import { Harness, startHarness } from '../../testing/harness';

const TEXT =
  'The bridge opened in May 2021. It cost 88 million euros. Anna de Vries designed it.';

describe('classic routes', () => {
  let harness: Harness;
  let upstream: StubUpstream;

  beforeEach(async () => {
    harness = await startHarness();
    ({ upstream } = harness);
  });
  afterEach(() => harness.close());

  const invoke = (
    payload: object,
    claims?: { scope?: string; clientId?: string },
  ) => harness.post('/model/invoke', payload, claims);

  it('lists models by kind', async () => {
    const answer = await harness.app.fastify.inject({
      url: '/model/list_models',
      headers: await harness.auth.bearer(),
    });
    expect(answer.json()).toEqual({
      text_models: [
        { model_name: 'stub-chat', model_id: 'stub-chat' },
        { model_name: 'local.extractive', model_id: 'local.extractive' },
      ],
      embed_models: [
        { model_name: 'stub-embed', model_id: 'stub-embed' },
        { model_name: 'local.embedding', model_id: 'local.embedding' },
      ],
    });
  });

  describe('invoke', () => {
    it('passes every setting on and books what the upstream counted', async () => {
      const { statusCode, json } = await invoke({
        model_name: 'stub-chat',
        prompt: 'Hi',
        max_tokens: 5,
        temperature: 0,
        top_p: 0.5,
        top_k: 3,
        stop_sequences: ['END'],
        system_prompts: [{ text: 'Be brief.' }],
      });
      expect(statusCode).toBe(200);
      expect(json).toEqual({
        output_text: 'Hello.',
        input_tokens: 11,
        output_tokens: 7,
      });
      expect(upstream.received[0].body).toEqual({
        model: 'stub-chat',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
        max_tokens: 5,
        temperature: 0,
        top_p: 0.5,
        top_k: 3,
        stop: ['END'],
      });
      expect(upstream.received[0].headers.authorization).toBe(
        'Bearer upstream-key',
      );
      expect(await harness.booked()).toMatchObject([
        {
          clientId: 'app-1',
          model: 'stub-chat',
          day: new Date().toISOString().slice(0, 10),
          invocations: 1,
          failedInvocations: 0,
          inputTokens: 11,
          outputTokens: 7,
        },
      ]);
    });

    it('joins all text blocks of a message', async () => {
      await invoke({
        model_name: 'stub-chat',
        prompt: [{ role: 'user', content: [{ text: 'one' }, { text: 'two' }] }],
      });
      expect(upstream.received[0].body.messages).toEqual([
        { role: 'user', content: 'one\ntwo' },
      ]);
    });

    it('answers from the text with the built-in model', async () => {
      const { json } = await invoke({
        model_name: 'local.extractive',
        prompt: `${TEXT}\n\nWho designed the bridge?`,
      });
      expect(json.output_text).toContain('Anna de Vries');
      expect(json.output_text).not.toContain('88 million');
    });

    it.each([
      ['no model', { prompt: 'x' }, 'model_name'],
      ['an empty prompt', { model_name: 'stub-chat', prompt: '' }, 'prompt'],
      [
        'a temperature out of range',
        { model_name: 'stub-chat', prompt: 'x', temperature: 3 },
        'temperature',
      ],
    ])('answers 422 for %s and asks nobody', async (_what, payload, path) => {
      const { statusCode, json } = await invoke(payload);
      expect(statusCode).toBe(422);
      expect(json.issues[0].path).toBe(path);
      expect(upstream.received).toEqual([]);
      expect(await harness.booked()).toEqual([]);
    });

    it('answers 404 with the allowed models for one that the environment lacks', async () => {
      const { statusCode, json } = await invoke({
        model_name: 'stub-forbidden',
        prompt: 'x',
      });
      expect(statusCode).toBe(404);
      expect(json.detail).toContain('stub-chat, local.extractive');
      expect(upstream.received).toEqual([]);
    });

    it('answers 400 for a model of the wrong kind', async () => {
      const { statusCode, json } = await invoke({
        model_name: 'local.embedding',
        prompt: 'x',
      });
      expect(statusCode).toBe(400);
      expect(json.code).toBe('wrong_model_kind');
    });

    it('answers 400 for broken JSON and 415 for a form', async () => {
      const send = async (type: string) =>
        harness.app.fastify.inject({
          method: 'POST',
          url: '/model/invoke',
          headers: {
            ...(await harness.auth.bearer()),
            'content-type': type,
          },
          payload: '{',
        });
      expect((await send('application/json')).statusCode).toBe(400);
      expect((await send('text/plain')).statusCode).toBe(415);
    });

    it('is open to its own scope and closed to others', async () => {
      const payload = { model_name: 'stub-chat', prompt: 'x' };
      harness.auth.directory.put({
        clientId: 'app-1',
        enabled: true,
        scopes: ['genai/model.invoke', 'genai/prompt.read'],
      });
      expect(
        (await invoke(payload, { scope: 'genai/model.invoke' })).statusCode,
      ).toBe(200);
      expect(
        (await invoke(payload, { scope: 'genai/prompt.read' })).statusCode,
      ).toBe(403);
      const anonymous = await harness.app.fastify.inject({
        method: 'POST',
        url: '/model/invoke',
        payload,
      });
      expect(anonymous.statusCode).toBe(401);
      expect(upstream.received).toHaveLength(1);
    });

    it.each([
      [500, 502, 'model_failed', true],
      [401, 502, 'model_failed', false],
      [404, 502, 'model_failed', false],
      [503, 503, 'model_unavailable', true],
      [408, 504, 'model_timeout', true],
      [429, 429, 'model_rate_limited', undefined],
      [400, 400, 'model_refused_request', undefined],
    ])(
      'turns an upstream %i into a %i and books the failure',
      async (status, expected, code, retryable) => {
        upstream.behave = answerJson(
          status,
          { error: { message: 'key sk-inner is wrong' } },
          { 'retry-after': '9' },
        );
        const { statusCode, json, body, headers } = await invoke({
          model_name: 'stub-chat',
          prompt: 'x',
        });
        expect(statusCode).toBe(expected);
        expect(json).toMatchObject({
          code,
          ...(retryable === undefined ? {} : { retryable }),
        });
        // Only what is about the request itself is passed on.
        expect(body.includes('sk-inner')).toBe(status === 400);
        expect(headers['retry-after']).toBe(
          [429, 503].includes(expected) ? '9' : undefined,
        );
        expect(await harness.booked()).toMatchObject([
          { invocations: 1, failedInvocations: 1, inputTokens: 0 },
        ]);
      },
    );

    it.each([
      ['no JSON', 'this is <html>'],
      ['half of it', '{"choices":[{"message":{"cont'],
      ['another shape', '{"result":"ok"}'],
    ])('answers 502 when the upstream sends %s', async (_what, garbage) => {
      upstream.behave = answerJson(200, garbage);
      const { statusCode, json } = await invoke({
        model_name: 'stub-chat',
        prompt: 'x',
      });
      expect(statusCode).toBe(502);
      expect(json.code).toBe('model_answer_garbled');
    });

    it('answers 503 when nobody is there', async () => {
      await upstream.stop();
      const { statusCode, json } = await invoke({
        model_name: 'stub-chat',
        prompt: 'x',
      });
      expect(statusCode).toBe(503);
      expect(json).toMatchObject({
        code: 'model_unavailable',
        retryable: true,
      });
    });

    it('estimates tokens for an upstream that does not count them', async () => {
      upstream.behave = answerCompletion('One two three.', {
        usage: undefined,
      });
      const { json } = await invoke({
        model_name: 'stub-chat',
        prompt: 'Count to three',
      });
      expect(json).toMatchObject({ input_tokens: 3, output_tokens: 4 });
    });

    it('logs neither prompt nor answer', async () => {
      upstream.behave = answerJson(500, 'answer-sesame');
      await invoke({ model_name: 'stub-chat', prompt: 'prompt-sesame' });
      expect(harness.log.join()).toContain('Upstream answered 500');
      expect(harness.log.join()).not.toMatch(/sesame|upstream-key/);
    });
  });

  describe('a deadline', () => {
    beforeEach(async () => {
      await harness.close();
      harness = await startHarness({ callDeadlineMs: 100 });
      ({ upstream } = harness);
    });

    it('ends a call with 504 and hangs up on the upstream', async () => {
      upstream.behave = () => {};
      const { statusCode, json } = await invoke({
        model_name: 'stub-chat',
        prompt: 'x',
      });
      expect(statusCode).toBe(504);
      expect(json).toMatchObject({ code: 'model_timeout', retryable: true });
      await upstream.hungUp;
    });
  });
});
