import * as z from 'zod';
import {
  createLogger,
  MissingAuthPolicyError,
  ServiceApp,
  ServiceDefinition,
} from '..';
import { createTestAuth, TestAuth } from '../testing';
import { App, buildApp } from './buildApp';

const problemType = /^application\/problem\+json/;

function service(
  overrides: Partial<ServiceDefinition> & {
    routes?: (app: ServiceApp) => void;
  } = {},
): ServiceDefinition {
  return {
    name: 'echo',
    title: 'Echo',
    description: 'Answers.',
    prefix: '/echo',
    routes: addEchoRoutes,
    health: () => ({ status: 'UP' }),
    close: () => {},
    ...overrides,
  };
}

function addEchoRoutes(app: ServiceApp): void {
  app.post(
    '/echo/say/:id',
    {
      config: { auth: { anyScope: ['genai/echo', 'genaifoundations/read'] } },
      schema: {
        summary: 'Say it again',
        params: z.object({ id: z.string() }),
        body: z.strictObject({ text: z.string().max(5) }).meta({ id: 'Say' }),
        response: { 200: z.object({ text: z.string(), by: z.string() }) },
      },
    },
    async request => ({
      text: request.body.text + request.params.id,
      by: request.caller!.clientId,
    }),
  );
  app.post(
    '/echo/bare',
    { config: { auth: { anyScope: ['genaifoundations/read'] } } },
    async () => ({ done: true }),
  );
  app.get('/echo/broken', { config: { auth: 'public' } }, async () => {
    throw new Error('password is hunter2');
  });
}

describe('buildApp', () => {
  let app: App;
  let auth: TestAuth;
  let log: string[];

  async function build(services: ServiceDefinition[] = [service()]) {
    app = await buildApp({
      services,
      auth,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
      info: { title: 'Test', version: '1', tokenUrl: 'http://127.0.0.1/t' },
      bodyLimitBytes: 1000,
      drainTimeoutMs: 200,
      checkAnswers: true,
      newId: () => 'log-1',
    });
  }
  async function say(
    options: { headers?: object; payload?: string | object; url?: string } = {},
  ) {
    return app.fastify.inject({
      method: 'POST',
      url: options.url ?? '/echo/say/7',
      headers: { ...(await auth.bearer()), ...options.headers },
      payload: options.payload,
    });
  }

  beforeEach(async () => {
    log = [];
    auth = await createTestAuth();
    await build();
  });
  afterEach(() => app.close());

  it('answers a good request', async () => {
    const answer = await say({ payload: { text: 'hi' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ text: 'hi7', by: 'app-1' });
  });

  it('writes no line per request and never the token', async () => {
    await say({ payload: { text: 'secret' } });
    await app.fastify.inject('/echo/broken');
    expect(log).toHaveLength(1);
    expect(log.join()).not.toContain('Bearer');
  });

  describe('bodies', () => {
    it('takes JSON without a content type', async () => {
      const answer = await app.fastify.inject({
        method: 'POST',
        url: '/echo/say/7',
        headers: await auth.bearer(),
        body: Buffer.from('{"text":"hi"}'),
      });
      expect(answer.statusCode).toBe(200);
    });

    it('takes a JSON content type with an empty body where none is needed', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await say({ headers, url: '/echo/bare', payload: '' });
      expect(answer.statusCode).toBe(200);
    });

    it('asks for a body where one is needed', async () => {
      const answer = await say();
      expect(answer.statusCode).toBe(400);
      expect(answer.json().code).toBe('missing_body');
    });

    it('refuses malformed JSON with 400 and does not quote it', async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await say({ headers, payload: '{"text": sesame' });
      expect(answer.statusCode).toBe(400);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.json().code).toBe('malformed_json');
      expect(answer.body).not.toContain('sesame');
    });

    it('refuses another media type with 415', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await say({ headers, payload: '{"text":"hi"}' });
      expect(answer.statusCode).toBe(415);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.json().detail).toContain('application/json');
    });

    it('refuses a body that is too large with 413', async () => {
      const answer = await say({ payload: { text: 'x'.repeat(1001) } });
      expect(answer.statusCode).toBe(413);
      expect(answer.headers['content-type']).toMatch(problemType);
    });

    it('answers 422 with the issues', async () => {
      const answer = await say({ payload: { text: 'too long', more: 1 } });
      expect(answer.statusCode).toBe(422);
      expect(answer.json().issues).toEqual([
        { path: 'text', message: expect.stringContaining('5') },
        { path: '', message: expect.stringContaining('more') },
      ]);
    });
  });

  describe('callers', () => {
    it('asks for a token', async () => {
      const answer = await app.fastify.inject({
        method: 'POST',
        url: '/echo/say/7',
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['content-type']).toMatch(problemType);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="genai-environment"',
      );
    });

    it.each([
      ['garbage', 'Bearer x.y.z'],
      ['another scheme', 'Basic eDp5'],
    ])('refuses %s with 401', async (_what, authorization) => {
      const answer = await say({ headers: { authorization } });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/error="invalid_/);
    });

    it('refuses a token without the scope with 403', async () => {
      const headers = await auth.bearer({ scope: 'genai/prompt.read' });
      const answer = await say({ headers, payload: { text: 'hi' } });
      expect(answer.statusCode).toBe(403);
      expect(answer.headers['www-authenticate']).toContain(
        'error="insufficient_scope"',
      );
    });

    it('grants only scopes that the application still holds', async () => {
      const headers = await auth.bearer();
      expect((await say({ headers, payload: { text: 'hi' } })).statusCode).toBe(
        200,
      );
      auth.directory.put({ clientId: 'app-1', enabled: true, scopes: [] });
      expect((await say({ headers, payload: { text: 'hi' } })).statusCode).toBe(
        403,
      );
    });

    it('refuses a disabled application at its next request', async () => {
      const headers = await auth.bearer();
      await say({ headers, payload: { text: 'hi' } });
      auth.directory.put({
        clientId: 'app-1',
        enabled: false,
        scopes: ['genaifoundations/read'],
      });
      const answer = await say({ headers, payload: { text: 'hi' } });
      expect(answer.statusCode).toBe(403);
      expect(answer.json().code).toBe('application_disabled');
    });

    it('refuses a deleted application at its next request', async () => {
      const headers = await auth.bearer();
      await say({ headers, payload: { text: 'hi' } });
      auth.directory.delete('app-1');
      const answer = await say({ headers, payload: { text: 'hi' } });
      expect(answer.statusCode).toBe(401);
      expect(answer.json().code).toBe('unknown_application');
    });

    it('refuses before it reads the body', async () => {
      const answer = await app.fastify.inject({
        method: 'POST',
        url: '/echo/say/7',
        payload: 'x'.repeat(2000),
      });
      expect(answer.statusCode).toBe(401);
    });
  });

  it('does not start with a route that nobody thought about', async () => {
    const careless = service({
      name: 'careless',
      prefix: '/careless',
      routes: careful => {
        careful.get('/careless/open', async () => 'oops');
      },
    });
    const starting = buildApp({
      services: [careless],
      auth,
      logger: createLogger({ level: 'silent' }),
      info: { title: 'Test', version: '1' },
    });
    await expect(starting).rejects.toThrow(MissingAuthPolicyError);
  });

  it('says nothing of the inside when it fails, and logs why', async () => {
    const answer = await app.fastify.inject('/echo/broken');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ log_id: 'log-1', status: 500 });
    expect(answer.body).not.toContain('hunter2');
    expect(JSON.parse(log[0])).toMatchObject({
      logId: 'log-1',
      err: { message: 'password is hunter2' },
    });
  });

  it('answers 404 for an unknown route', async () => {
    const answer = await app.fastify.inject('/nowhere?token=1');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toMatch(problemType);
    expect(answer.body).not.toContain('token=1');
  });

  it.each(['PUT', 'DELETE', 'TRACE', 'HEAD'] as const)(
    'answers 405 to %s and says what the address takes',
    async method => {
      const answer = await app.fastify.inject({
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
    await app.close();
    await build([
      service({ health: () => ({ status: 'DOWN', reason: 'No disk.' }) }),
    ]);
    const answer = await app.fastify.inject('/echo/service/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'DOWN', reason: 'No disk.' });
  });

  it('counts a health check that throws as down', async () => {
    await app.close();
    await build([
      service({
        health: () => {
          throw new Error('locked');
        },
      }),
    ]);
    const answer = await app.fastify.inject('/echo/service/health');
    expect(answer.statusCode).toBe(503);
    expect(await app.health()).toEqual({
      echo: { status: 'DOWN', reason: expect.any(String) },
    });
  });

  it('documents its routes', async () => {
    const { paths, components } = (
      await app.fastify.inject('/openapi.json')
    ).json();
    expect(paths['/echo/say/{id}'].post).toMatchObject({
      summary: 'Say it again',
      security: [
        { accessToken: ['genai/echo'] },
        { accessToken: ['genaifoundations/read'] },
      ],
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Say' } },
        },
      },
    });
    expect(components.schemas.Say.properties.text).toEqual({
      type: 'string',
      maxLength: 5,
    });
    expect(paths['/echo/service/health'].get.security).toEqual([]);
    expect(Object.keys(paths)).not.toContain('/openapi.json');
  });

  it('documents what a check of a route looks at, and what bodies are refused', async () => {
    await app.close();
    const credential = {
      name: 'portal',
      description: 'Of the portal.',
      type: 'http',
      scheme: 'bearer',
    } as const;
    const config = { auth: { verify: () => {}, credential } };
    const text = z
      .string()
      .regex(/^\P{Cc}+$/u)
      .regex(/^[^\p{Cc}]+$/u);
    const schema = { body: z.object({ text }) };
    await build([
      service({
        routes(each) {
          each.post('/echo/models', { config, schema }, async () => ({}));
          each.post('/echo/models/*', { config, schema }, async () => ({}));
        },
      }),
    ]);
    const { paths, components } = (
      await app.fastify.inject('/openapi.json')
    ).json();
    const operation = paths['/echo/models'].post;
    expect(operation.security).toEqual([{ portal: [] }]);
    expect(components.securitySchemes.portal).toEqual({
      type: 'http',
      scheme: 'bearer',
      description: 'Of the portal.',
    });
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['400', '401', '403', '413', '415', '422']),
    );
    expect(JSON.stringify(operation.requestBody)).not.toMatch(/p\{/i);
    const other = paths['/echo/models/{path}'].post;
    expect(other.operationId).not.toBe(operation.operationId);
  });

  it('describes one service at its meta route', async () => {
    await app.close();
    await build([
      service(),
      service({ name: 'other', prefix: '/other', routes: () => {} }),
    ]);
    const meta = (await app.fastify.inject('/other/service/meta')).json();
    expect(Object.keys(meta.paths)).toEqual([
      '/other/service/health',
      '/other/service/meta',
    ]);
  });
});
