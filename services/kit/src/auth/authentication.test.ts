import { type Echo, startEcho } from '../app/testing/startEcho';

const problemType = /^application\/problem\+json/;

describe('authentication', () => {
  let echo: Echo;
  beforeEach(async () => {
    echo = await startEcho();
  });
  afterEach(() => echo.app.close());

  it('asks for a token', async () => {
    const answer = await echo.app.fastify.inject({
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
    const answer = await echo.say({ headers: { authorization } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/error="invalid_/);
  });

  it('refuses a token without the scope with 403', async () => {
    const headers = await echo.auth.bearer({ scope: 'genai/prompt.read' });
    const answer = await echo.say({ headers, payload: { text: 'hi' } });
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['www-authenticate']).toContain(
      'error="insufficient_scope"',
    );
  });

  it('grants only scopes that the application still holds', async () => {
    const headers = await echo.auth.bearer();
    expect(
      (await echo.say({ headers, payload: { text: 'hi' } })).statusCode,
    ).toBe(200);
    echo.auth.directory.put({ clientId: 'app-1', enabled: true, scopes: [] });
    expect(
      (await echo.say({ headers, payload: { text: 'hi' } })).statusCode,
    ).toBe(403);
  });

  it('refuses a disabled application at its next request', async () => {
    const headers = await echo.auth.bearer();
    await echo.say({ headers, payload: { text: 'hi' } });
    echo.auth.directory.put({
      clientId: 'app-1',
      enabled: false,
      scopes: ['genaifoundations/read'],
    });
    const answer = await echo.say({ headers, payload: { text: 'hi' } });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().code).toBe('application_disabled');
  });

  it('refuses a deleted application at its next request', async () => {
    const headers = await echo.auth.bearer();
    await echo.say({ headers, payload: { text: 'hi' } });
    echo.auth.directory.delete('app-1');
    const answer = await echo.say({ headers, payload: { text: 'hi' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.json().code).toBe('unknown_application');
  });

  it('refuses before it reads the body', async () => {
    const answer = await echo.app.fastify.inject({
      method: 'POST',
      url: '/echo/say/7',
      payload: 'x'.repeat(2000),
    });
    expect(answer.statusCode).toBe(401);
  });
});
