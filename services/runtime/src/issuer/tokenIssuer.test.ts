import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { applicationSpec, sha256 } from '../testing/applications';
import { removeDirectories } from '../testing/directories';
import {
  closeTestRuntimes,
  startTestRuntime,
  TestRuntime,
} from '../testing/startTestRuntime';

const SECRET = 'the-secret-of-the-first-test-application';

describe('token issuer', () => {
  let runtime: TestRuntime;

  beforeEach(async () => {
    runtime = await startTestRuntime();
    await runtime.putApplication(
      'app-1',
      applicationSpec(SECRET, {
        scopes: ['genai/model.invoke', 'genai/prompt.read'],
      }),
    );
  });

  afterEach(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  it('answers a JWT access token whose claims name the application', async () => {
    const response = await runtime.requestToken('app-1', SECRET);

    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = await response.json();
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'genai/model.invoke genai/prompt.read',
    });
    const { payload, protectedHeader } = await jwtVerify(
      body.access_token,
      createRemoteJWKSet(new URL(`${runtime.url}/.well-known/jwks.json`)),
      { issuer: runtime.url, audience: 'urn:genai-environment:uid-1' },
    );
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toMatchObject({
      client_id: 'app-1',
      sub: 'app-1',
      token_use: 'access',
      scope: 'genai/model.invoke genai/prompt.read',
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
  });

  it('takes client_id and client_secret from the form, too', async () => {
    const response = await runtime.fetch('/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'app-1',
        client_secret: SECRET,
      }),
    });
    expect(response.status).toBe(200);
  });

  it('grants the scopes that were asked for, never one that is not held', async () => {
    const granted = await runtime.requestToken('app-1', SECRET, {
      scope: 'genai/prompt.read',
    });
    expect((await granted.json()).scope).toBe('genai/prompt.read');

    const refused = await runtime.requestToken('app-1', SECRET, {
      scope: 'genai/prompt.read genai/vector.write',
    });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: 'invalid_scope' });
  });

  it('answers a wrong secret, an unknown and a disabled application alike', async () => {
    await runtime.putApplication(
      'app-2',
      applicationSpec('secret-of-app-2', { enabled: false }),
    );
    const answers = await Promise.all([
      runtime.requestToken('app-1', 'wrong'),
      runtime.requestToken('nobody-knows-me', SECRET),
      runtime.requestToken('(nobody)', SECRET),
      runtime.requestToken('app-2', 'secret-of-app-2'),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
      expect(await answer.json()).toEqual({
        error: 'invalid_client',
        error_description: 'client authentication failed',
      });
    }
  });

  it('refuses other grants', async () => {
    const response = await runtime.requestToken('app-1', SECRET, {
      grant_type: 'authorization_code',
      code: 'x',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'unsupported_grant_type',
    });
  });

  it('accepts the old and the new secret during a rotation, until the old one expires', async () => {
    const rotated = (expiresAt: string) =>
      applicationSpec(SECRET, {
        revision: 2,
        secrets: [
          { version: 1, sha256: sha256(SECRET), expiresAt },
          { version: 2, sha256: sha256('the-new-secret') },
        ],
      });
    const inOneHour = new Date(Date.now() + 3600_000).toISOString();
    await runtime.putApplication('app-1', rotated(inOneHour));
    expect((await runtime.requestToken('app-1', SECRET)).status).toBe(200);
    expect((await runtime.requestToken('app-1', 'the-new-secret')).status).toBe(
      200,
    );

    const oneSecondAgo = new Date(Date.now() - 1000).toISOString();
    await runtime.putApplication('app-1', rotated(oneSecondAgo));
    expect((await runtime.requestToken('app-1', SECRET)).status).toBe(401);
    expect((await runtime.requestToken('app-1', 'the-new-secret')).status).toBe(
      200,
    );
  });

  it('publishes public keys only and describes nothing but the token endpoint', async () => {
    const jwks = await (await runtime.fetch('/.well-known/jwks.json')).json();
    expect(jwks.keys).toHaveLength(1);
    expect(jwks.keys[0]).not.toHaveProperty('d');

    const discovery = await runtime.fetch('/.well-known/openid-configuration');
    expect(await discovery.json()).toEqual({
      issuer: runtime.url,
      token_endpoint: `${runtime.url}/oauth2/token`,
      jwks_uri: `${runtime.url}/.well-known/jwks.json`,
      token_endpoint_auth_methods_supported: [
        'client_secret_basic',
        'client_secret_post',
      ],
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
    });
    for (const path of ['/auth', '/me', '/session/end', '/token', '/reg']) {
      expect((await runtime.fetch(path)).status).toBe(404);
    }
  });

  it('names the public address, whatever the Host and forwarding headers say', async () => {
    const response = await runtime.fetch('/.well-known/openid-configuration', {
      headers: {
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
      },
    });
    expect((await response.json()).token_endpoint).toBe(
      `${runtime.url}/oauth2/token`,
    );
  });

  it('keeps its signing key over a restart', async () => {
    const before = await runtime.token('app-1', SECRET);
    await runtime.close();
    const again = await startTestRuntime({
      dataDirectory: runtime.config.dataDirectory,
    });
    const after = await again.token('app-1', SECRET);
    expect(decodeProtectedHeader(after).kid).toBe(
      decodeProtectedHeader(before).kid,
    );
  });

  it('prints nothing of its own and logs neither secret nor token', async () => {
    const printed = (['log', 'info', 'warn', 'error'] as const).map(method =>
      jest.spyOn(console, method).mockImplementation(),
    );
    const token = await runtime.token('app-1', SECRET);
    await runtime.requestToken('app-1', 'a-wrong-secret-to-look-for');
    for (const method of printed) expect(method).not.toHaveBeenCalled();
    expect(runtime.logs()).not.toContain(SECRET);
    expect(runtime.logs()).not.toContain('a-wrong-secret-to-look-for');
    expect(runtime.logs()).not.toContain(token);
  });
});
