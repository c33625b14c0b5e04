import { Harness, startHarness } from '../testing/harness';
import {
  answerCompletion,
  answerJson,
  answerStream,
  DONE,
  textChunk,
  USAGE_CHUNK,
} from '../testing/StubUpstream';

const messages = [{ role: 'user', content: 'Hello' }];
const chat = { model: 'stub-chat', messages };

describe('the response cache', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  const post = async (
    url: string,
    payload: object,
    cache?: string,
    client?: string,
  ) =>
    harness.app.fastify.inject({
      method: 'POST',
      url,
      headers: {
        ...(await harness.auth.bearer(client ? { clientId: client } : {})),
        ...(cache === undefined ? {} : { 'x-genai-cache': cache }),
      },
      payload,
    });

  it.each([
    ['chat', '/v1/chat/completions', chat],
    ['messages', '/v1/messages', { ...chat, max_tokens: 9 }],
    ['invoke', '/model/invoke', { model_name: 'stub-chat', prompt: 'x' }],
  ])(
    'answers %s again without asking, and books a hit',
    async (_n, url, body) => {
      harness.upstream.behave = answerCompletion('Hi.');
      const miss = await post(url, body, '60');
      const hit = await post(url, body, '60');
      expect(miss.headers['x-genai-cache']).toBe('miss');
      expect(hit.headers['x-genai-cache']).toBe('hit');
      expect({ ...hit.json(), id: 0 }).toEqual({ ...miss.json(), id: 0 });
      expect(harness.upstream.received).toHaveLength(1);
      expect(await harness.booked()).toMatchObject([
        { invocations: 2, cachedInvocations: 1, inputTokens: 11 },
      ]);
    },
  );

  it('remembers nothing for callers that do not ask', async () => {
    await post('/v1/chat/completions', chat);
    const { headers } = await post('/v1/chat/completions', chat);
    expect(headers['x-genai-cache']).toBeUndefined();
    expect(harness.upstream.received).toHaveLength(2);
  });

  it('gives an answer to its application only, and to the same request only', async () => {
    await post('/v1/chat/completions', chat, '60');
    await post('/v1/chat/completions', chat, '60', 'app-2');
    await post('/v1/chat/completions', { ...chat, temperature: 1 }, '60');
    expect(harness.upstream.received).toHaveLength(3);
  });

  it('does not remember failures', async () => {
    harness.upstream.behave = answerJson(400, { error: 'bad' });
    await post('/v1/chat/completions', chat, '60');
    harness.upstream.behave = answerCompletion('Hi.');
    expect((await post('/v1/chat/completions', chat, '60')).statusCode).toBe(
      200,
    );
  });

  it('leaves streams out and says so', async () => {
    harness.upstream.behave = answerStream(textChunk('A'), USAGE_CHUNK, DONE);
    const body = { ...chat, stream: true };
    const { headers } = await post('/v1/chat/completions', body, '60');
    expect(headers['x-genai-cache']).toBe('bypass');
  });

  it.each(['-1', 'ever', '86401', '1.5'])(
    'refuses %s seconds',
    async header => {
      const answer = await post('/v1/chat/completions', chat, header);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().code).toBe('invalid_cache_header');
    },
  );
});
