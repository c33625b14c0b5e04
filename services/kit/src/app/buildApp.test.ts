import { MissingAuthPolicyError } from '..';
import { type Echo, echoService, startEcho } from './testing/startEcho';

const problemType = /^application\/problem\+json/;

describe('buildApp', () => {
  let echo: Echo;
  beforeEach(async () => {
    echo = await startEcho();
  });
  afterEach(() => echo.app.close());

  it('answers a good request', async () => {
    const answer = await echo.say({ payload: { text: 'hi' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ text: 'hi7', by: 'app-1' });
  });

  it('writes no line per request and never the token', async () => {
    await echo.say({ payload: { text: 'secret' } });
    await echo.app.fastify.inject('/echo/broken');
    expect(echo.log).toHaveLength(1);
    expect(echo.log.join()).not.toContain('Bearer');
  });

  it('says in a line about a request which service answered it', async () => {
    await echo.app.fastify.inject('/echo/broken');
    expect(JSON.parse(echo.log[0])).toMatchObject({ service: 'echo' });
  });

  describe('bodies', () => {
    it('takes JSON without a content type', async () => {
      const answer = await echo.app.fastify.inject({
        method: 'POST',
        url: '/echo/say/7',
        headers: await echo.auth.bearer(),
        body: Buffer.from('{"text":"hi"}'),
      });
      expect(answer.statusCode).toBe(200);
    });

    it('takes a JSON content type with an empty body where none is needed', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await echo.say({
        headers,
        url: '/echo/bare',
        payload: '',
      });
      expect(answer.statusCode).toBe(200);
    });

    it('asks for a body where one is needed', async () => {
      const answer = await echo.say();
      expect(answer.statusCode).toBe(400);
      expect(answer.json().code).toBe('missing_body');
    });

    it('refuses malformed JSON with 400 and does not quote it', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await echo.say({ headers, payload: '{"text": sesame' });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.json().code).toBe('malformed_json');
      expect(answer.body).not.toContain('sesame');
    });

    it('refuses what is nested too deeply, however deep brackets in texts seem', async () => {
      const headers = { 'content-type': 'application/json' };
      const nested = (levels: number) =>
        `{"text":"hi","more":${'['.repeat(levels)}1${']'.repeat(levels)}}`;
      const refused = await echo.say({ headers, payload: nested(200) });
      expect(refused.statusCode).toBe(400);
      expect(refused.json().code).toBe('json_too_deep');
      const endless = await echo.say({ headers, payload: '['.repeat(900) });
      expect(endless.json().code).toBe('json_too_deep');
      const quoted = JSON.stringify({ text: '\\"[{'.repeat(150) });
      const flat = `{"text":"hi","more":[${'[],{},'.repeat(120)}1]}`;
      for (const payload of [nested(199), quoted, flat]) {
        const answer = await echo.say({ headers, payload });
        expect(answer.json().code).not.toBe('json_too_deep');
        expect(answer.statusCode).not.toBe(500);
      }
    });

    it('refuses another media type with 415', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await echo.say({ headers, payload: '{"text":"hi"}' });
      expect(answer.statusCode).toBe(415);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.json().detail).toContain('application/json');
    });

    it('refuses a body that is too large with 413', async () => {
      const answer = await echo.say({ payload: { text: 'x'.repeat(1001) } });
      expect(answer.statusCode).toBe(413);
      expect(answer.headers['content-type']).toMatch(problemType);
    });

    it('answers 422 with the issues', async () => {
      const answer = await echo.say({ payload: { text: 'too long', more: 1 } });
      expect(answer.statusCode).toBe(422);
      expect(answer.json().issues).toEqual([
        { path: 'text', message: expect.stringContaining('5') },
        { path: '', message: expect.stringContaining('more') },
      ]);
    });
  });

  it('does not start with a route that nobody thought about', async () => {
    const careless = echoService({
      name: 'careless',
      prefix: '/careless',
      routes: careful => {
        careful.get('/careless/open', async () => 'oops');
      },
    });
    const starting = startEcho([careless]);
    await expect(starting).rejects.toThrow(MissingAuthPolicyError);
  });

  it('says nothing of the inside when it fails, and logs why', async () => {
    const answer = await echo.app.fastify.inject('/echo/broken');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ log_id: 'log-1', status: 500 });
    expect(answer.body).not.toContain('hunter2');
    expect(JSON.parse(echo.log[0])).toMatchObject({
      logId: 'log-1',
      err: { message: 'password is hunter2' },
    });
  });

  it('answers 404 for an unknown route', async () => {
    const answer = await echo.app.fastify.inject('/nowhere?token=1');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toMatch(problemType);
    expect(answer.body).not.toContain('token=1');
  });

  it.each(['PUT', 'DELETE', 'TRACE', 'HEAD'] as const)(
    'answers 405 to %s and says what the address takes',
    async method => {
      const answer = await echo.app.fastify.inject({
        method: method as 'PUT',
        url: '/echo/say/1?token=1',
        headers: { 'content-type': 'application/xml' },
      });
      expect(answer.statusCode).toBe(405);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.headers.allow).toBe('POST');
      expect(answer.body).not.toContain('token=1');
    },
  );

  it('answers 503 and why when a service is down', async () => {
    await echo.app.close();
    echo = await startEcho([
      echoService({ health: () => ({ status: 'DOWN', reason: 'No disk.' }) }),
    ]);
    const answer = await echo.app.fastify.inject('/echo/service/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'DOWN', reason: 'No disk.' });
  });

  it('counts a health check that throws as down', async () => {
    await echo.app.close();
    echo = await startEcho([
      echoService({
        health: () => {
          throw new Error('locked');
        },
      }),
    ]);
    const answer = await echo.app.fastify.inject('/echo/service/health');
    expect(answer.statusCode).toBe(503);
    expect(await echo.app.health()).toEqual({
      echo: { status: 'DOWN', reason: expect.any(String) },
    });
  });
});
