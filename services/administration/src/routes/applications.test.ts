import { Harness, startHarness } from '../testing/harness';

const PLATFORM = '/admin/platform';

describe('applications', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await startHarness();
  });
  afterEach(() => harness.app.close());

  const list = (query = '') =>
    harness.call('GET', `${PLATFORM}/get_all_app_clients${query}`);
  const post = (name: string, payload: object) =>
    harness.call('POST', `${PLATFORM}/${name}`, { payload });

  it('are listed as the classic portal reads them', async () => {
    const { status, json } = await list();
    expect(status).toBe(200);
    expect(json).toHaveLength(2);
    expect(json[0]).toEqual({
      app_id: 'app-1',
      client_id: 'app-1',
      app_name: 'App app-1',
      description: '',
      status: 'active',
      date_created: '',
      managed_by: 'portal',
      secret_arn: '',
      app_user_pool_id: '',
      platform_domain: 'http://127.0.0.1:1',
    });
  });

  it('are listed in pages', async () => {
    const first = await list('?limit=1');
    expect(first.json).toMatchObject([{ app_id: 'app-1' }]);
    const cursor = first.headers['x-next-cursor'];
    const second = await list(`?limit=1&cursor=${cursor}`);
    expect(second.json).toMatchObject([{ app_id: 'app-2' }]);
    expect(second.headers['x-next-cursor']).toBeUndefined();
    expect((await list('?limit=0')).status).toBe(422);
  });

  it('are registered, and the secret is shown once and logged never', async () => {
    const created = await post('create_app_client', {
      app_name: ' Shop ',
      description: 'Sells things',
    });
    expect(created.status).toBe(200);
    expect(created.headers['cache-control']).toBe('no-store');
    expect(created.json).toEqual({
      app_id: 'made-1',
      client_id: 'made-1',
      client_secret: 'secret-made-1',
      client_secret_arn: '',
      status: 'active',
    });
    const { json } = await list();
    expect(json[2]).toMatchObject({
      app_id: 'made-1',
      app_name: 'Shop',
      description: 'Sells things',
      date_created: '2026-01-31 12:00:00',
      managed_by: 'administration',
    });
    expect(JSON.stringify(json) + harness.log.join('')).not.toContain(
      'secret-made-1',
    );
  });

  it.each([
    {},
    { app_name: 'x' },
    { app_name: ' ', description: 'y' },
    { app_name: 'x'.repeat(64), description: 'y' },
    { app_name: 'a\nb', description: 'y' },
  ])('are not registered from %j', async payload => {
    const { status, json } = await post('create_app_client', payload);
    expect(status).toBe(422);
    expect(json.issues.length).toBeGreaterThan(0);
    expect(harness.applications.entries.size).toBe(2);
  });

  it('are deactivated and activated', async () => {
    const off = await post('deactivate_app_client', { app_id: 'app-1' });
    expect(off.status).toBe(200);
    expect(off.json.message).toContain('was deactivated');
    expect((await list()).json[0].status).toBe('inactive');
    const on = await post('activate_app_client', { app_id: 'app-1' });
    expect(on.json.message).toContain('was activated');
    expect((await list()).json[0].status).toBe('active');
  });

  it('answer 404 when they do not exist', async () => {
    for (const verb of ['activate', 'deactivate']) {
      const answer = await post(`${verb}_app_client`, { app_id: 'nobody' });
      expect(answer.status).toBe(404);
      expect(answer.json.code).toBe('application_not_found');
    }
  });

  it('answer 409 when the portal has disabled them', async () => {
    harness.applications.putPortal('app-1', { enabled: false });
    const answer = await post('activate_app_client', { app_id: 'app-1' });
    expect(answer.status).toBe(409);
    expect(answer.json.code).toBe('disabled_by_portal');
  });
});

describe('the platform', () => {
  it('says how each service is', async () => {
    const harness = await startHarness();
    harness.health['model-invocation'] = { status: 'UP' };
    harness.health.vectorization = { status: 'DOWN', reason: 'No disk.' };
    const { json } = await harness.call('GET', `${PLATFORM}/services/health`);
    expect(json).toEqual([
      { service_name: 'model-invocation', status: 'healthy' },
      {
        service_name: 'vectorization',
        status: 'unhealthy',
        reason: 'No disk.',
      },
    ]);
    await harness.app.close();
  });

  it('answers the merged document', async () => {
    const harness = await startHarness();
    const { json } = await harness.call('GET', `${PLATFORM}/openapi.json`);
    expect(json.openapi).toMatch(/^3\.1/);
    expect(json.paths).toHaveProperty(['/admin/limits/{client_id}']);
    await harness.app.close();
  });
});
