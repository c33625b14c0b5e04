import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import request from 'supertest';
import { createTestDatabases } from '../__testUtils__/databases';
import { createRequest, startPlugin } from '../__testUtils__/startPlugin';

type Method = 'get' | 'post' | 'patch' | 'delete';

const ENVIRONMENT = '/environments/invoice-bot';
const APPLICATION = `${ENVIRONMENT}/applications/APPLICATION`;

/** Every route, and who beyond the owner may use it: everybody, platform, or nobody. */
const ROUTES: Array<[Method, string, 'everybody' | 'platform' | 'owner']> = [
  ['get', ENVIRONMENT, 'everybody'],
  ['get', `${ENVIRONMENT}/events`, 'everybody'],
  ['get', `${ENVIRONMENT}/services`, 'everybody'],
  ['get', `${ENVIRONMENT}/openapi`, 'everybody'],
  ['get', `${ENVIRONMENT}/usage`, 'everybody'],
  ['get', `${ENVIRONMENT}/applications`, 'everybody'],
  ['patch', ENVIRONMENT, 'platform'],
  ['post', `${ENVIRONMENT}/hibernate`, 'platform'],
  ['post', `${ENVIRONMENT}/wake`, 'platform'],
  ['post', `${ENVIRONMENT}/services/app/scale`, 'platform'],
  ['post', `${ENVIRONMENT}/services/app/restart`, 'platform'],
  ['get', `${ENVIRONMENT}/logs`, 'owner'],
  ['post', `${ENVIRONMENT}/applications`, 'owner'],
  ['post', `${APPLICATION}/rotate`, 'owner'],
  ['post', `${APPLICATION}/enable`, 'owner'],
  ['post', `${APPLICATION}/disable`, 'owner'],
  ['post', `${APPLICATION}/reveal`, 'owner'],
  ['delete', APPLICATION, 'owner'],
  ['delete', ENVIRONMENT, 'platform'],
];

const OTHER_ROUTES: Array<[Method, string]> = [
  ['get', '/environments'],
  ['post', '/environments'],
  ['post', '/plan'],
  ['get', '/provisioners'],
  ['get', '/models?provisioner=fake&region=here'],
  ['get', '/limits'],
];

const bodies: Record<string, object> = {
  [`post ${ENVIRONMENT}/applications`]: { name: 'batch' },
  [`post ${ENVIRONMENT}/services/app/scale`]: { tasks: 2 },
  [`patch ${ENVIRONMENT}`]: { description: 'changed' },
};

describe('who may do what', () => {
  const { databases } = createTestDatabases();

  const start = async (
    policy?: Parameters<typeof startPlugin>[0]['policy'],
  ) => {
    const knex = await databases.init('SQLITE_3');
    const plugin = await startPlugin({ knex, policy });
    const header = mockCredentials.service.header();
    const server = request(plugin.backend.server);
    await server
      .post('/api/genai-environments/v1/environments')
      .set('Authorization', header)
      .send(createRequest)
      .expect(201);
    await plugin.waitForRecord(row => row.phase === 'Ready');
    const { id } = await knex('applications')
      .where('name', 'default')
      .first('id');
    const send = (user: typeof plugin.ada, method: Method, path: string) => {
      const body = bodies[`${method} ${path}`];
      const route = path.replace('APPLICATION', id);
      return method === 'get' || method === 'delete'
        ? user[method](route)
        : user[method](route, body);
    };
    return { ...plugin, knex, send };
  };

  it('asks everybody to sign in, on every route', async () => {
    const { nobody, send, knex } = await start();
    const before = await knex('environments');
    for (const [method, path] of [...ROUTES, ...OTHER_ROUTES]) {
      const { status } = await send(nobody, method, path);
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 401`);
    }
    expect(await knex('environments')).toEqual(before);
  });

  it('lets others look, and answers 403 when they act', async () => {
    const { bob, pat, send, knex } = await start();
    const [before] = await knex('environments');
    const allowed = { status: 200, message: undefined };
    const refused = {
      status: 403,
      message: expect.stringMatching(
        /You lack the permission genai\.\S+ for environment invoice-bot, which belongs to group:default\/payments/,
      ),
    };
    for (const [method, path, who] of ROUTES) {
      const { status, body } = await send(bob, method, path);
      expect({ method, path, status, message: body.error?.message }).toEqual({
        method,
        path,
        ...(who === 'everybody' ? allowed : refused),
      });
    }
    expect(await knex('environments')).toEqual([before]);

    for (const [method, path, who] of ROUTES) {
      if (who !== 'owner') continue;
      const { status } = await send(pat, method, path);
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 403`);
    }
  });

  it('lets the owner do everything', async () => {
    const { ada, send } = await start();
    for (const [method, path] of ROUTES) {
      const { status } = await send(ada, method, path);
      expect({ method, path, ok: status < 300 }).toEqual({
        method,
        path,
        ok: true,
      });
    }
  });

  it('lets the platform change and tear down, audited under its name', async () => {
    const { pat, send, audited } = await start();
    await send(pat, 'patch', ENVIRONMENT).expect(200);
    const { body } = await send(pat, 'delete', ENVIRONMENT).expect(202);
    expect(body.deletionRequestedBy).toBe('user:default/pat');
    expect(audited.map(({ eventId, result }) => [eventId, result])).toEqual([
      ['environment-create', 'success'],
      ['environment-update', 'success'],
      ['environment-delete', 'success'],
    ]);
    expect(audited[2].text).toContain('user:default/pat');
  });

  it('does not tell that an environment exists to those who may not see it', async () => {
    const { bob, send } = await start(() => ({ result: AuthorizeResult.DENY }));
    for (const [method, path] of ROUTES) {
      const { status } = await send(bob, method, path);
      expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 404`);
    }
    const { body } = await bob.get('/environments').expect(200);
    expect(body).toEqual({ items: [] });
    const created = await bob.post('/environments', {
      ...createRequest,
      name: 'mine',
      owner: 'group:default/search',
    });
    expect(created.status).toBe(403);
  });

  it('audits refused reveals as failures', async () => {
    const { bob, send, audited } = await start();
    await send(bob, 'post', `${APPLICATION}/reveal`).expect(403);
    expect(audited.at(-1)).toMatchObject({
      eventId: 'credential-reveal',
      result: 'failure',
    });
    expect(audited.at(-1)?.text).toContain('user:default/bob');
  });

  it('takes those on whose behalf a plugin asks for the callers', async () => {
    const { backend } = await start();
    const onBehalfOfBob = mockCredentials.service.header({
      onBehalfOf: mockCredentials.user('user:default/bob'),
      targetPluginId: 'genai-environments',
    });
    const { body } = await request(backend.server)
      .post('/api/genai-environments/v1/environments')
      .set('Authorization', onBehalfOfBob)
      .send({ ...createRequest, name: 'other' })
      .expect(403);
    expect(body.error.message).toMatch(/You do not belong to/);
  });

  it('describes its permissions and rules to the permission system', async () => {
    const { backend, knex } = await start();
    const base = '/api/genai-environments/.well-known/backstage/permissions';
    const { body: metadata } = await request(backend.server)
      .get(`${base}/metadata`)
      .set('Authorization', mockCredentials.service.header())
      .expect(200);
    expect(metadata.permissions).toHaveLength(10);
    expect(metadata.rules.map(({ name }: any) => name).sort()).toEqual([
      'HAS_TIER',
      'IS_OWNER',
    ]);
    expect(await knex('environments')).toHaveLength(1);

    const condition = (rule: string, params: object) => ({
      id: rule,
      resourceRef: ['invoice-bot', 'not-there'],
      resourceType: 'genai-environment',
      conditions: { rule, resourceType: 'genai-environment', params },
    });
    const { body: applied } = await request(backend.server)
      .post(`${base}/apply-conditions`)
      .set('Authorization', mockCredentials.service.header())
      .send({
        items: [
          condition('IS_OWNER', { claims: ['group:default/payments'] }),
          condition('HAS_TIER', { tiers: ['isolated'] }),
        ],
      })
      .expect(200);
    expect(applied.items).toEqual([
      { id: 'IS_OWNER', result: ['ALLOW', 'DENY'] },
      { id: 'HAS_TIER', result: ['DENY', 'DENY'] },
    ]);
  });
});
