import { App, buildApp, createLogger } from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPromptManagement } from '../createPromptManagement';

type Claims = Parameters<TestAuth['bearer']>[0];

describe('prompt routes', () => {
  let dataDirectory: string;
  let auth: TestAuth;
  let app: App;

  async function start() {
    app = await buildApp({
      services: [createPromptManagement({ dataDirectory }).service],
      auth,
      logger: createLogger({ level: 'silent' }),
      info: { title: 'Test', version: '1' },
      checkAnswers: true,
    });
  }
  beforeEach(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'prompt-routes-'));
    auth = await createTestAuth();
    await start();
  });
  afterEach(async () => {
    await app.close();
    rmSync(dataDirectory, { recursive: true });
  });

  async function post(route: string, payload: object, claims?: Claims) {
    const answer = await app.fastify.inject({
      method: 'POST',
      url: `/prompt/template/${route}`,
      headers: await auth.bearer(claims),
      payload,
    });
    return {
      status: answer.statusCode,
      json: answer.json(),
      headers: answer.headers,
    };
  }
  async function list(query = '', claims?: Claims) {
    const answer = await app.fastify.inject({
      url: `/prompt/template/list${query}`,
      headers: await auth.bearer(claims),
    });
    return {
      status: answer.statusCode,
      json: answer.json(),
      headers: answer.headers,
    };
  }
  const save = (name: string, template: string, claims?: Claims) =>
    post('save', { name, prompt_template: template }, claims);

  it('saves versions and answers them in every way', async () => {
    const first = await save('greet', 'Hello {name}');
    expect(first).toMatchObject({
      status: 200,
      json: {
        id: expect.any(String),
        name: 'greet',
        prompt_template: 'Hello {name}',
        version: 1,
        syntax: 'classic',
        variables: {
          type: 'object',
          properties: { name: {} },
          required: ['name'],
        },
      },
    });
    const second = await save('greet', 'Hi {name}');
    expect(second.json.version).toBe(2);

    expect((await post('get', { name: 'greet' })).json).toEqual(second.json);
    expect((await post('version', { name: 'greet', vnum: 1 })).json).toEqual(
      first.json,
    );
    expect((await post('version', { name: 'greet', vnum: '2' })).json).toEqual(
      second.json,
    );
    const withoutVariables = ({ variables, ...rest }: { variables: object }) =>
      rest;
    expect((await post('versions', { name: 'greet' })).json).toEqual([
      withoutVariables(first.json),
      withoutVariables(second.json),
    ]);
    expect((await list()).json).toEqual({
      greet: [
        { version: 1, prompt_template: 'Hello {name}' },
        { version: 2, prompt_template: 'Hi {name}' },
      ],
    });
  });

  it('gives concurrent saves one version each', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => save('greet', `v${index}`)),
    );
    expect(
      answers.map(({ json }) => json.version).sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('keeps templates over a restart', async () => {
    const { json } = await save('greet', 'Hello');
    await app.close();
    await start();
    expect((await post('get', { name: 'greet' })).json).toEqual(json);
  });

  it("never shows or touches another application's templates", async () => {
    await save('greet', 'of app 1');
    const other = { clientId: 'app-2' };
    expect((await post('get', { name: 'greet' }, other)).status).toBe(404);
    expect((await post('versions', { name: 'greet' }, other)).status).toBe(404);
    expect((await list('', other)).json).toEqual({});
    expect((await save('greet', 'of app 2', other)).json.version).toBe(1);
    expect((await post('get', { name: 'greet' })).json.prompt_template).toBe(
      'of app 1',
    );
  });

  it('takes names that programs trip over', async () => {
    for (const name of [
      '__proto__',
      'constructor',
      "O'Brien; DROP",
      'Ünï 世界',
    ]) {
      await save(name, 'x');
      expect((await post('get', { name })).json.name).toBe(name);
    }
    expect(Object.keys((await list()).json)).toContain('constructor');
  });

  it.each([
    ['get', { name: 'nope' }, 'prompt_template_not_found'],
    ['version', { name: 'nope', vnum: 1 }, 'prompt_template_not_found'],
    ['versions', { name: 'nope' }, 'prompt_template_not_found'],
    ['version', { name: 'greet', vnum: 2 }, 'prompt_version_not_found'],
  ])('answers 404 to %s %j', async (route, payload, code) => {
    await save('greet', 'Hello');
    const { status, json } = await post(route, payload);
    expect(status).toBe(404);
    expect(json.code).toBe(code);
  });

  it.each([
    ['save', { name: 'x' }, 'prompt_template'],
    ['save', { name: '', prompt_template: 'x' }, 'name'],
    ['save', { name: 'x', prompt_template: '' }, 'prompt_template'],
    ['save', { name: 'a\u0000b', prompt_template: 'x' }, 'name'],
    ['save', { name: 'x'.repeat(201), prompt_template: 'x' }, 'name'],
    ['version', { name: 'x', vnum: 0 }, 'vnum'],
    ['version', { name: 'x', vnum: 'latest' }, 'vnum'],
    ['version', { name: 'x' }, 'vnum'],
    ['version', { name: 'x', vnum: 1, label: 'production' }, 'vnum'],
    ['get', { name: 'x', label: 'a b' }, 'label'],
    ['save', { name: 'x', prompt_template: 'x', syntax: 'jinja' }, 'syntax'],
    [
      'save',
      { name: 'x', prompt_template: '{ "a": 1 }', syntax: 'classic' },
      'prompt_template',
    ],
    [
      'save',
      { name: 'x', prompt_template: '{% if %}', syntax: 'liquid' },
      'prompt_template',
    ],
  ])(
    'answers 422 to %s %j and stores nothing',
    async (route, payload, path) => {
      const { status, json } = await post(route, payload);
      expect(status).toBe(422);
      expect(json.issues[0].path).toBe(path);
      expect((await list()).json).toEqual({});
    },
  );

  it('answers 400, 415 and 401 for what never reaches a schema', async () => {
    const send = async (headers: object, payload: string) => {
      const answer = await app.fastify.inject({
        method: 'POST',
        url: '/prompt/template/save',
        headers: { ...headers },
        payload,
      });
      return answer.statusCode;
    };
    const bearer = await auth.bearer();
    const json = { 'content-type': 'application/json' };
    expect(await send({ ...bearer, ...json }, '{"name":')).toBe(400);
    expect(await send({ ...bearer, 'content-type': 'text/csv' }, 'a,b')).toBe(
      415,
    );
    expect(await send(json, '{}')).toBe(401);
  });

  it('asks for the scope of reading and of writing', async () => {
    auth.directory.put({
      clientId: 'app-1',
      enabled: true,
      scopes: ['genai/prompt.read', 'genai/prompt.write'],
    });
    const reader = { scope: 'genai/prompt.read' };
    const writer = { scope: 'genai/prompt.write' };
    expect((await save('greet', 'x', reader)).status).toBe(403);
    expect((await save('greet', 'x', writer)).status).toBe(200);
    expect((await list('', writer)).status).toBe(403);
    expect((await list('', reader)).json).toEqual({
      greet: [{ version: 1, prompt_template: 'x' }],
    });
  });

  it('pages when asked to', async () => {
    await save('a', '1');
    await save('b', '1');
    const first = await list('?limit=1');
    expect(Object.keys(first.json)).toEqual(['a']);
    const second = await list(
      `?limit=1&cursor=${first.headers['x-next-cursor']}`,
    );
    expect(Object.keys(second.json)).toEqual(['b']);
    expect(second.headers['x-next-cursor']).toBeUndefined();
    expect((await list('?limit=0')).status).toBe(422);
  });

  it('is up, and down once its database is gone', async () => {
    const health = () => app.fastify.inject('/prompt/service/health');
    expect((await health()).json()).toEqual({ status: 'UP' });
    const broken = createPromptManagement({ dataDirectory });
    await broken.close();
    expect(() => broken.service.health()).toThrow();
  });
});
