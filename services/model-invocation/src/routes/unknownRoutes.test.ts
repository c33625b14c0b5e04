import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { Harness, startHarness } from '../testing/harness';

describe('addresses that nothing has', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.close());

  it.each([
    ['POST', '/v1/responses', 404, 'unknown_route'],
    ['GET', '/v1/files/1?token=secret', 404, 'unknown_route'],
    ['GET', '/v1', 404, 'unknown_route'],
    ['GET', '/v1/chat/completions', 405, 'method_not_allowed'],
  ] as const)(
    'have an error as OpenAI has it: %s %s',
    async (method, url, status, code) => {
      const answer = await harness.app.fastify.inject({
        ...{ method, url },
        headers: await harness.auth.bearer(),
      });
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['content-type']).toContain(
        'application/problem+json',
      );
      const { detail, ...problem } = answer.json();
      expect(problem).toMatchObject({
        ...{ status, code },
        error: { message: detail, type: 'invalid_request_error', code },
      });
      expect(answer.body).not.toContain('secret');
    },
  );

  it('have an error as Anthropic has it below its own', async () => {
    const answer = await harness.post('/v1/messages/count_tokens', {});
    expect(answer.statusCode).toBe(404);
    expect(answer.json).toMatchObject({
      type: 'error',
      error: { type: 'not_found_error', message: answer.json.detail },
    });
  });

  it('are left alone elsewhere', async () => {
    const answer = await harness.post('/model/nothing', {});
    expect(answer.statusCode).toBe(404);
    expect(answer.json).not.toHaveProperty('error');
  });

  it('are told by the SDKs', async () => {
    const url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
    const baseURL = `http://127.0.0.1:${url.port}`;
    const apiKey = await harness.auth.token();
    const openAi = new OpenAI({ baseURL: `${baseURL}/v1`, apiKey });
    await expect(
      openAi.responses.create({ model: 'stub-chat', input: 'x' }),
    ).rejects.toMatchObject({
      status: 404,
      code: 'unknown_route',
      message: expect.stringContaining('There is no route POST /v1/responses'),
    });
    const anthropic = new Anthropic({ baseURL, authToken: apiKey });
    await expect(
      anthropic.messages.countTokens({
        model: 'stub-chat',
        messages: [{ role: 'user', content: 'x' }],
      }),
    ).rejects.toMatchObject({ status: 404 });
  });
});
