import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, importJWK, JWTPayload, SignJWT } from 'jose';
import { applicationSpec } from './testing/applications';
import { removeDirectories } from './testing/directories';
import {
  closeTestRuntimes,
  startTestRuntime,
  TestRuntime,
} from './testing/startTestRuntime';

type Route = { method: string; path: string };
type SigningKey = Parameters<SignJWT['sign']>[0];
type OpenApi = {
  paths: Record<
    string,
    Record<string, { security: unknown[]; responses: Record<string, unknown> }>
  >;
};

const SECRET = 'a-secret-of-an-application';

const base64url = (value: unknown) =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens on every route of every service', () => {
  let runtime: TestRuntime;
  let routes: Route[];
  let ownKey: SigningKey;
  let kid: string;

  beforeAll(async () => {
    runtime = await startTestRuntime();
    await runtime.putApplication('app-1', applicationSpec(SECRET));
    await runtime.putApplication(
      'disabled',
      applicationSpec(SECRET, { enabled: false }),
    );
    const document: OpenApi = await (
      await runtime.fetch('/openapi.json')
    ).json();
    routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        // Addresses of objects carry a signature of their own.
        .filter(
          ([, { security }]) =>
            security.length > 0 && !path.startsWith('/objects/'),
        )
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
    const text = await readFile(
      join(runtime.config.dataDirectory, 'signing-keys.json'),
      'utf8',
    );
    const [jwk] = JSON.parse(text).keys;
    kid = jwk.kid;
    ownKey = (await importJWK(jwk)) as SigningKey;
  });

  afterAll(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  const claims = (overrides: JWTPayload = {}): JWTPayload => ({
    iss: runtime.url,
    aud: 'urn:genai-environment:uid-1',
    sub: 'app-1',
    client_id: 'app-1',
    scope: 'genaifoundations/read',
    token_use: 'access',
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 3600,
    ...overrides,
  });
  const sign = (payload: JWTPayload, key: SigningKey = ownKey) =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(key);

  /** Calls every protected route; statuses that differ from `expected`. */
  async function callAll(token: string | undefined, expected: number) {
    const wrong: string[] = [];
    for (const { method, path } of routes) {
      const response = await runtime.fetch(path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        },
        body: method === 'GET' ? undefined : '{}',
      });
      const text = await response.text();
      if (response.status !== expected) {
        wrong.push(`${method} ${path}: ${response.status} ${text}`);
      }
    }
    return wrong;
  }

  it('are needed by all services', () => {
    const prefixes = new Set(routes.map(({ path }) => path.split('/')[1]));
    // Administration has tests of its own: a service credential opens it, too.
    expect([...prefixes]).toEqual(
      expect.arrayContaining([
        'document',
        'mcp',
        'model',
        'prompt',
        'v1',
        'vector',
      ]),
    );
    expect(routes.length).toBeGreaterThan(60);
  });

  it('that are good open them, so that the refusals below mean something', async () => {
    const token = await sign(claims());
    for (const path of ['/model/list_models', '/prompt/template/list']) {
      const response = await runtime.fetch(path, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect(response.status).toBe(200);
    }
  });

  const refused: Array<[string, () => string | undefined | Promise<string>]> = [
    ['are missing', () => undefined],
    ['are no JWT', () => 'opaque'],
    [
      'have the algorithm none',
      () =>
        `${base64url({ alg: 'none', typ: 'at+jwt' })}.${base64url(claims())}.`,
    ],
    [
      'claim another algorithm than the key has',
      () => {
        const header = { alg: 'HS256', typ: 'at+jwt', kid };
        return `${base64url(header)}.${base64url(claims())}.AAAA`;
      },
    ],
    [
      'are signed with a key of another issuer',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return sign(claims(), privateKey);
      },
    ],
    [
      'were changed after signing',
      async () => {
        const [header, , signature] = (await sign(claims())).split('.');
        const payload = base64url(claims({ client_id: 'app-2' }));
        return `${header}.${payload}.${signature}`;
      },
    ],
    ['have expired', () => sign(claims({ exp: 1_700_000_000 }))],
    ['never expire', () => sign(claims({ exp: undefined }))],
    [
      'are for another environment',
      () => sign(claims({ aud: 'urn:genai-environment:uid-2' })),
    ],
    ['are for nobody', () => sign(claims({ aud: undefined }))],
    ['name another issuer', () => sign(claims({ iss: 'http://127.0.0.1:1/' }))],
    ['are id tokens', () => sign(claims({ token_use: 'id' }))],
    [
      'name an application that does not exist',
      () => sign(claims({ client_id: 'gone' })),
    ],
  ];
  it.each(refused)('that %s are refused with 401', async (_what, token) => {
    expect(await callAll(await token(), 401)).toEqual([]);
  });

  it('without a scope of the route are refused with 403', async () => {
    const token = await sign(claims({ scope: 'genai/usage.read' }));
    expect(await callAll(token, 403)).toEqual([]);
  });

  it('with a scope the application does not hold are refused with 403', async () => {
    await runtime.putApplication(
      'narrow',
      applicationSpec(SECRET, { scopes: ['genai/usage.read'] }),
    );
    const token = await sign(claims({ client_id: 'narrow' }));
    expect(await callAll(token, 403)).toEqual([]);
  });

  it('of a disabled application are refused with 403', async () => {
    const token = await sign(claims({ client_id: 'disabled' }));
    expect(await callAll(token, 403)).toEqual([]);
  });

  it('issued before follow what becomes of the application', async () => {
    await runtime.putApplication('app-2', applicationSpec(SECRET));
    const token = await runtime.token('app-2', SECRET);
    const list = async () =>
      (
        await runtime.fetch('/model/list_models', {
          headers: { authorization: `Bearer ${token}` },
        })
      ).status;
    expect(await list()).toBe(200);
    const put = (overrides: object) =>
      runtime.putApplication('app-2', applicationSpec(SECRET, overrides));
    await put({ revision: 2, enabled: false });
    expect(await list()).toBe(403);
    await put({ revision: 3, scopes: ['genai/prompt.read'] });
    expect(await list()).toBe(403);
    await put({ revision: 4 });
    expect(await list()).toBe(200);
    await runtime.control('/applications/app-2', 'DELETE');
    expect(await list()).toBe(401);
  });

  it('book usage on their application, which the provisioner can ask for', async () => {
    const token = await runtime.token('app-1', SECRET);
    const response = await runtime.post('/model/invoke', token, {
      model_name: 'local.extractive',
      prompt: 'Say something about rivers. Rivers carry water to the sea.',
    });
    expect(response.status).toBe(200);
    const { input_tokens, output_tokens } = await response.json();

    const day = new Date().toISOString().slice(0, 10);
    const usage = await runtime.control(`/usage?from=${day}&to=${day}`);
    expect(await usage.json()).toMatchObject({
      items: [
        {
          clientId: 'app-1',
          model: 'local.extractive',
          day,
          invocations: 1,
          failedInvocations: 0,
          inputTokens: input_tokens,
          outputTokens: output_tokens,
        },
      ],
    });
  });
});
