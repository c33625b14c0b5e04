import { App, buildApp, createLogger } from '@genai-environments/service-kit';
import {
  createTestAuth,
  TestAuth,
} from '@genai-environments/service-kit/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPromptManagement, PromptManagement } from '..';

type Claims = Parameters<TestAuth['bearer']>[0];

describe('labels, rendering and deletion', () => {
  let dataDirectory: string;
  let auth: TestAuth;
  let management: PromptManagement;
  let app: App;

  async function send(
    method: 'POST' | 'DELETE',
    url: string,
    more: { payload?: object; claims?: Claims } = {},
  ) {
    const answer = await app.fastify.inject({
      method,
      url: `/prompt/template${url}`,
      headers: await auth.bearer(more.claims),
      payload: more.payload,
    });
    return {
      status: answer.statusCode,
      type: answer.headers['content-type'],
      json: answer.json(),
    };
  }
  const post = (route: string, payload: object, claims?: Claims) =>
    send('POST', `/${route}`, { payload, claims });
  const label = (version: number, claims?: Claims) =>
    post('label', { name: 'greet', label: 'production', version }, claims);
  const other = { clientId: 'app-2' };

  beforeEach(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'prompt-labels-'));
    auth = await createTestAuth();
    management = createPromptManagement({
      dataDirectory,
      clock: { now: () => Date.UTC(2026, 0, 2) },
    });
    app = await buildApp({
      services: [management.service],
      auth,
      logger: createLogger({ level: 'silent' }),
      info: { title: 'Test', version: '1' },
      checkAnswers: true,
    });
    for (const template of ['Hello {name}', 'Hi {name}']) {
      await post('save', { name: 'greet', prompt_template: template });
    }
  });
  afterEach(async () => {
    await app.close();
    rmSync(dataDirectory, { recursive: true });
  });

  describe('labels', () => {
    it('move between versions and are what get, version and render ask for', async () => {
      expect(await label(1)).toMatchObject({
        status: 200,
        json: { name: 'greet', label: 'production', version: 1 },
      });
      const reference = { name: 'greet', label: 'production' };
      expect((await post('get', reference)).json.version).toBe(1);
      await label(2);
      for (const route of ['get', 'version']) {
        expect((await post(route, reference)).json.version).toBe(2);
      }
      expect(
        (await post('render', { ...reference, variables: { name: 'Ada' } }))
          .json,
      ).toEqual({ name: 'greet', version: 2, text: 'Hi Ada' });
      expect((await post('labels', { name: 'greet' })).json).toEqual([
        {
          label: 'production',
          version: 2,
          moved_at: '2026-01-02T00:00:00.000Z',
        },
      ]);
    });

    it('knows "latest" without anybody moving it', async () => {
      const latest = { name: 'greet', label: 'latest' };
      expect((await post('get', latest)).json.version).toBe(2);
      expect(await post('label', { ...latest, version: 1 })).toMatchObject({
        status: 400,
        json: { code: 'prompt_label_reserved' },
      });
      expect((await post('labels', { name: 'greet' })).json).toEqual([]);
    });

    it('are deleted while their version stays', async () => {
      await label(1);
      const url = '/label?name=greet&label=production';
      expect(await send('DELETE', url)).toMatchObject({
        status: 200,
        json: { name: 'greet', label: 'production' },
      });
      expect(await send('DELETE', url)).toMatchObject({
        status: 404,
        json: { code: 'prompt_label_not_found' },
      });
      expect((await post('get', { name: 'greet' })).status).toBe(200);
    });

    it("are an application's own", async () => {
      await label(1);
      expect((await label(2, other)).status).toBe(404);
      expect((await post('labels', { name: 'greet' }, other)).status).toBe(404);
      expect(
        (
          await send('DELETE', '/label?name=greet&label=production', {
            claims: other,
          })
        ).status,
      ).toBe(404);
      expect((await post('labels', { name: 'greet' })).json).toHaveLength(1);
    });

    it('are at most fifty per template', async () => {
      const make = (name: string) =>
        post('label', { name: 'greet', label: name, version: 1 });
      for (let index = 0; index < 50; index++) await make(`l${index}`);
      expect(await make('one-more')).toMatchObject({
        status: 409,
        type: expect.stringContaining('application/problem+json'),
        json: { code: 'too_many_prompt_labels' },
      });
      expect((await make('l7')).status).toBe(200);
    });
  });

  it.each([
    [
      'label',
      { name: 'nope', label: 'a', version: 1 },
      'prompt_template_not_found',
    ],
    [
      'label',
      { name: 'greet', label: 'a', version: 3 },
      'prompt_version_not_found',
    ],
    ['labels', { name: 'nope' }, 'prompt_template_not_found'],
    ['get', { name: 'greet', label: 'a' }, 'prompt_label_not_found'],
    ['render', { name: 'nope', variables: {} }, 'prompt_template_not_found'],
    ['render', { name: 'greet', version: 9 }, 'prompt_version_not_found'],
  ])('answers 404 to %s %j', async (route, payload, code) => {
    expect(await post(route, payload)).toMatchObject({
      status: 404,
      type: expect.stringContaining('application/problem+json'),
      json: { code },
    });
  });

  it.each([
    ['label', { name: 'greet', label: 'a b', version: 1 }, 'label'],
    ['label', { name: 'greet', label: 'a', version: 0 }, 'version'],
    ['label', { name: 'greet', label: 'a' }, 'version'],
    ['render', { name: 'greet', version: 1, label: 'a' }, 'label'],
    ['render', { name: 'greet', variables: [] }, 'variables'],
    [
      'render',
      { name: 'greet', variables: { name: nested(100) } },
      'variables.name',
    ],
    ['render', { name: 'greet' }, 'variables.name'],
    ['render', { name: 'greet', variables: { nam: 'x' } }, 'variables.name'],
  ])('answers 422 to %s %.80j', async (route, payload, path) => {
    const { status, type, json } = await post(route, payload);
    expect(status).toBe(422);
    expect(type).toContain('application/problem+json');
    expect(json.issues[0].path).toBe(path);
  });

  it('answers 401 and 403, and changes nothing', async () => {
    const reader = { scope: 'genai/prompt.read' };
    const writer = { scope: 'genai/prompt.write' };
    auth.directory.put({
      clientId: 'app-1',
      enabled: true,
      scopes: ['genai/prompt.read', 'genai/prompt.write'],
    });
    expect((await label(1, reader)).status).toBe(403);
    expect(
      (await send('DELETE', '?name=greet', { claims: reader })).status,
    ).toBe(403);
    expect((await post('render', { name: 'greet' }, writer)).status).toBe(403);
    const anonymous = await app.fastify.inject({
      method: 'DELETE',
      url: '/prompt/template?name=greet',
    });
    expect(anonymous.statusCode).toBe(401);
    expect((await post('labels', { name: 'greet' }, reader)).json).toEqual([]);
    expect((await post('get', { name: 'greet' }, reader)).status).toBe(200);
  });

  it('answers 400 to a broken body', async () => {
    const answer = await app.fastify.inject({
      method: 'POST',
      url: '/prompt/template/render',
      headers: {
        ...(await auth.bearer()),
        'content-type': 'application/json',
      },
      payload: '{"name":',
    });
    expect(answer.statusCode).toBe(400);
  });

  describe('rendering', () => {
    const save = (payload: object) =>
      post('save', { name: 'other', ...payload });
    const render = (variables?: object) =>
      post('render', { name: 'other', variables });

    it('detects Liquid, and describes the variables', async () => {
      const { json } = await save({
        prompt_template: '{% for d in docs %}[{{ d.title }}]{% endfor %}',
      });
      expect(json).toMatchObject({
        syntax: 'liquid',
        variables: { properties: { docs: {} }, required: ['docs'] },
      });
      expect(
        (await render({ docs: [{ title: 'a' }, { title: 'b' }] })).json.text,
      ).toBe('[a][b]');
    });

    it('takes the stated syntax over the detected one', async () => {
      const { json } = await save({
        prompt_template: 'Use {{name}}',
        syntax: 'classic',
      });
      expect(json.syntax).toBe('classic');
      expect((await render()).json.text).toBe('Use {name}');
    });

    it('keeps templates of other languages, and refuses to render them', async () => {
      for (const template of ['{ "json": 1 }', '{% set x = 1 %}{{ x }}']) {
        const { status, json } = await save({ prompt_template: template });
        expect(status).toBe(200);
        expect(json).not.toHaveProperty('variables');
        expect(json.prompt_template).toBe(template);
        expect(await render()).toMatchObject({
          status: 422,
          json: { code: 'prompt_template_invalid' },
        });
      }
    });

    it('is handed to other services, per application', async () => {
      const { prompts } = management;
      await expect(
        prompts.render('app-1', {
          name: 'greet',
          version: 1,
          variables: { name: 'Ada' },
        }),
      ).resolves.toMatchObject({ text: 'Hello Ada', version: 1 });
      await expect(
        prompts.render('app-2', { name: 'greet', variables: {} }),
      ).rejects.toMatchObject({ code: 'prompt_template_not_found' });
      expect(await prompts.list('app-1', { limit: 5 })).toEqual({
        items: [await prompts.describe('app-1', { name: 'greet' })],
      });
    });
  });

  it('deletes a template, and counts from one afterwards', async () => {
    await label(2);
    const url = '?name=greet';
    expect((await send('DELETE', url, { claims: other })).status).toBe(404);
    expect(await send('DELETE', url)).toMatchObject({
      status: 200,
      json: { name: 'greet', deleted_versions: 2 },
    });
    expect(await send('DELETE', url)).toMatchObject({ status: 404 });
    expect((await post('get', { name: 'greet' })).status).toBe(404);
    const again = { name: 'greet', prompt_template: 'New {name}' };
    expect((await post('save', again)).json.version).toBe(1);
    expect(
      (await post('get', { name: 'greet', label: 'production' })).status,
    ).toBe(404);
    expect((await send('DELETE', '')).status).toBe(422);
  });
});

/** Arrays in arrays, deeper than a recursion could go in a careless service. */
function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
