import { Harness, startHarness } from '../testing/harness';

const ROUTES = [
  ['GET', '/admin/platform/services/health'],
  ['GET', '/admin/platform/openapi.json'],
  ['GET', '/admin/platform/get_all_app_clients'],
  ['POST', '/admin/platform/create_app_client'],
  ['POST', '/admin/platform/activate_app_client'],
  ['POST', '/admin/platform/deactivate_app_client'],
  ['POST', '/admin/metrics/invocations'],
  ['POST', '/admin/metrics/extraction-jobs'],
  ['POST', '/admin/metrics/chunking-jobs'],
  ['POST', '/admin/metrics/vectorization-jobs'],
  ['POST', '/admin/metrics/vector-stores'],
  ['POST', '/admin/metrics/vector-indexes'],
  ['GET', '/admin/invocations/app-1'],
  ['GET', '/admin/limits'],
  ['PUT', '/admin/limits'],
  ['GET', '/admin/limits/app-1'],
  ['PUT', '/admin/limits/app-1'],
] as const;

describe('the administration', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.app.close());

  it('has no other route, and all of them are in the OpenAPI document', () => {
    const { paths } = harness.app.openApi() as unknown as {
      paths: Record<string, object>;
    };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(
        method => `${method.toUpperCase()} ${path.replace(/\{.*\}/, 'app-1')}`,
      ),
    );
    const expected = ROUTES.map(route => route.join(' '));
    const open = ['GET /admin/service/health', 'GET /admin/service/meta'];
    const own = ['GET /v1/usage'];
    expect(documented.sort()).toEqual([...expected, ...open, ...own].sort());
  });

  it.each(ROUTES)(
    '%s %s answers 401 without a credential',
    async (...route) => {
      const { status, headers, json } = await harness.call(...route, {
        headers: {},
      });
      expect(status).toBe(401);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(json).toMatchObject({ code: 'missing_token' });
    },
  );

  it.each(ROUTES)('%s %s answers 401 to a wrong key', async (...route) => {
    const { status } = await harness.call(...route, {
      headers: { authorization: 'Bearer wrong-key-of-thirty-two-characters' },
    });
    expect(status).toBe(401);
  });

  it.each(ROUTES)('%s %s answers 403 without the scope', async (...route) => {
    const headers = await harness.auth.bearer({
      scope: 'genaifoundations/read',
    });
    const { status, json } = await harness.call(...route, { headers });
    expect(status).toBe(403);
    expect(json).toMatchObject({ code: 'insufficient_scope' });
  });

  it.each(ROUTES)(
    '%s %s answers 403 to a disabled application',
    async (...route) => {
      const headers = await harness.auth.bearer();
      const scopes = ['genai/admin'];
      const entry = { clientId: 'app-1', enabled: false, scopes };
      harness.auth.directory.put(entry);
      const { status, json } = await harness.call(...route, { headers });
      expect(status).toBe(403);
      expect(json).toMatchObject({ code: 'application_disabled' });
    },
  );

  it('answers 401 to an application that is gone', async () => {
    const headers = await harness.auth.bearer();
    harness.auth.directory.delete('app-1');
    const { status, json } = await harness.call('GET', '/admin/limits', {
      headers,
    });
    expect(status).toBe(401);
    expect(json).toMatchObject({ code: 'unknown_application' });
  });

  it('does not open to an application that lost the scope', async () => {
    const headers = await harness.auth.bearer();
    const scopes = ['genaifoundations/read'];
    harness.auth.directory.put({ clientId: 'app-1', enabled: true, scopes });
    const { status } = await harness.call('GET', '/admin/limits', { headers });
    expect(status).toBe(403);
  });

  it('opens to a token with the scope', async () => {
    const headers = await harness.auth.bearer();
    const { status } = await harness.call('GET', '/admin/limits', { headers });
    expect(status).toBe(200);
  });

  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    '%s %s answers 400 to malformed JSON and 422 to a wrong type',
    async (method, url) => {
      const send = (payload: string) =>
        harness.app.fastify.inject({
          ...{ method, url, payload },
          headers: {
            authorization: 'Bearer control-key-of-thirty-two-characters',
            'content-type': 'application/json',
          },
        });
      expect((await send('{')).statusCode).toBe(400);
      const wrong = await send('[1]');
      expect(wrong.statusCode).toBe(422);
      expect(wrong.json().issues).not.toEqual([]);
    },
  );
});
