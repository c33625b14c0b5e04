import Anthropic from '@anthropic-ai/sdk';
import { Harness, startHarness } from '../../testing/harness';
import { answerJson } from '../../testing/StubUpstream';

const ask = {
  model: 'stub-chat',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello' }],
};

describe('errors of POST /v1/messages', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it.each([
    ['an unknown model', { ...ask, model: 'nope' }, 404, 'not_found_error'],
    [
      'no max_tokens',
      { ...ask, max_tokens: undefined },
      422,
      'invalid_request_error',
    ],
    ['no messages', { ...ask, messages: [] }, 422, 'invalid_request_error'],
    [
      'a model for vectors',
      { ...ask, model: 'stub-embed' },
      400,
      'invalid_request_error',
    ],
    [
      'a budget for thinking',
      { ...ask, thinking: { type: 'enabled' } },
      400,
      'invalid_request_error',
    ],
    [
      'an image elsewhere',
      {
        ...ask,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'image', source: { type: 'url', url: 'https://x/y' } },
            ],
          },
        ],
      },
      400,
      'invalid_request_error',
    ],
  ])('refuses %s in both shapes', async (_what, body, status, type) => {
    const answer = await harness.post('/v1/messages', body);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toContain('problem+json');
    expect(answer.json).toMatchObject({
      status,
      type: 'error',
      error: { type, message: expect.any(String) },
    });
    expect(await harness.booked()).toEqual([]);
  });

  it('raises the errors of the SDK', async () => {
    harness.upstream.behave = answerJson(429, {}, { 'retry-after': '9' });
    const { port } = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    const client = new Anthropic({
      baseURL: `http://127.0.0.1:${port}`,
      authToken: await harness.auth.token(),
      apiKey: null,
      maxRetries: 0,
    });
    await expect(client.messages.create(ask)).rejects.toBeInstanceOf(
      Anthropic.RateLimitError,
    );
  });

  it('answers 401 and 403 in both shapes', async () => {
    const payload = ask;
    const anonymous = await harness.app.fastify.inject({
      method: 'POST',
      url: '/v1/messages',
      payload,
    });
    expect(anonymous.statusCode).toBe(401);
    expect(anonymous.json().error.type).toBe('authentication_error');
    const { statusCode, json } = await harness.post('/v1/messages', ask, {
      scope: 'genai/prompt.read',
    });
    expect(statusCode).toBe(403);
    expect(json.error.type).toBe('permission_error');
  });
});
