import { HOSTED_SERVICES, HOSTED_WORKERS } from '../config';
import { applicationSpec, projectApp } from '../testing/applications';
import { removeDirectories } from '../testing/directories';
import {
  closeTestRuntimes,
  startTestRuntime,
  TestRuntime,
} from '../testing/startTestRuntime';

const SECRET = 'a-secret-of-an-application';

describe('control routes', () => {
  let runtime: TestRuntime;

  beforeEach(async () => {
    runtime = await startTestRuntime();
  });

  afterEach(async () => {
    await closeTestRuntimes();
    await removeDirectories();
  });

  it.each([
    ['GET', '/control/status'],
    ['PUT', '/control/applications/app-1'],
    ['DELETE', '/control/applications/app-1'],
    ['GET', '/control/usage?from=2026-01-01&to=2026-01-02'],
    ['POST', '/control/shutdown'],
  ])('%s %s is closed without the control key', async (method, path) => {
    const { controlKey } = runtime.config;
    for (const authorization of [
      undefined,
      'Bearer ',
      `Bearer ${'x'.repeat(controlKey.length)}`,
      `Bearer ${controlKey}x`,
      `Basic ${controlKey}`,
      controlKey,
    ]) {
      const response = await runtime.fetch(path, {
        method,
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(response.status).toBe(401);
      expect(response.headers.get('content-type')).toContain(
        'application/problem+json',
      );
    }
    expect(runtime.shutdownRequested).not.toHaveBeenCalled();
  });

  it('does not take an access token for the control key', async () => {
    await runtime.putApplication('app-1', applicationSpec(SECRET));
    const token = await runtime.token('app-1', SECRET);
    const response = await runtime.fetch('/control/status', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(401);
  });

  it('are left out of the OpenAPI document', async () => {
    const text = await (await runtime.fetch('/openapi.json')).text();
    expect(text).not.toContain('/control');
  });

  it('status says who runs, since when and with which configuration', async () => {
    expect(await runtime.status()).toMatchObject({
      uid: 'uid-1',
      name: 'demo',
      pid: process.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      source: expect.stringMatching(/^(bundled|own)$/),
      startedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      configHash: 'hash-1',
      services: HOSTED_SERVICES.map(name => ({
        name,
        health: 'healthy',
      })),
      workers: HOSTED_WORKERS.map(name => ({ name, health: 'healthy' })),
      applications: [],
    });
  });

  it('PUT makes an application so, repeating it changes nothing', async () => {
    const spec = applicationSpec(SECRET, { revision: 7 });
    for (let i = 0; i < 2; i++) {
      const response = await runtime.control(
        '/applications/app-1',
        'PUT',
        spec,
      );
      expect(response.status).toBe(200);
    }
    expect((await runtime.status()).applications).toEqual([
      { clientId: 'app-1', revision: 7 },
    ]);
    expect((await runtime.requestToken('app-1', SECRET)).status).toBe(200);
  });

  it.each([
    ['a secret that is no digest', { secrets: [{ version: 1, sha256: 'x' }] }],
    ['a plain secret', { secrets: [{ version: 1, secret: 'x' }] }],
    ['a scope with a space', { scopes: ['a b'] }],
    ['an unknown kind', { kind: 'internal' }],
    ['a project-app with secrets', { kind: 'project-app' }],
    ['an unknown field', { owner: 'me' }],
  ])('PUT refuses %s', async (_what, overrides) => {
    const response = await runtime.control('/applications/app-1', 'PUT', {
      ...applicationSpec(SECRET),
      ...overrides,
    });
    expect([400, 422]).toContain(response.status);
    expect((await runtime.status()).applications).toEqual([]);
  });

  it('PUT refuses client ids that do not fit an HTTP Basic header', async () => {
    const response = await runtime.control(
      '/applications/a%3Ab',
      'PUT',
      applicationSpec(SECRET),
    );
    expect([400, 422]).toContain(response.status);
  });

  it('PUT refuses a second project-app', async () => {
    await runtime.putApplication('project-1', projectApp);
    const response = await runtime.control(
      '/applications/project-2',
      'PUT',
      projectApp,
    );
    expect(response.status).toBe(409);
  });

  it('DELETE answers 204, also when it is already gone', async () => {
    await runtime.putApplication('app-1', applicationSpec(SECRET));
    for (let i = 0; i < 2; i++) {
      const response = await runtime.control('/applications/app-1', 'DELETE');
      expect(response.status).toBe(204);
    }
    expect((await runtime.status()).applications).toEqual([]);
    expect((await runtime.requestToken('app-1', SECRET)).status).toBe(401);
  });

  it('a restart keeps applications and their secrets', async () => {
    await runtime.putApplication('app-1', applicationSpec(SECRET));
    await runtime.putApplication('app-2', applicationSpec('x'.repeat(40)));
    await runtime.control('/applications/app-2', 'DELETE');
    await runtime.close();

    const again = await startTestRuntime({
      dataDirectory: runtime.config.dataDirectory,
    });
    expect((await again.status()).applications).toEqual([
      { clientId: 'app-1', revision: 1 },
    ]);
    expect((await again.requestToken('app-1', SECRET)).status).toBe(200);
  });

  it('usage refuses a range that is none', async () => {
    for (const query of [
      'from=2026-01-02&to=2026-01-01',
      'from=2026-01-02',
      'from=yesterday&to=2026-01-01',
    ]) {
      const response = await runtime.control(`/usage?${query}`);
      expect([400, 422]).toContain(response.status);
    }
  });

  it('shutdown answers 202 before anything stops', async () => {
    const response = await runtime.control('/shutdown', 'POST');
    expect(response.status).toBe(202);
    await response.text();
    expect(runtime.shutdownRequested).toHaveBeenCalledTimes(1);
  });
});
