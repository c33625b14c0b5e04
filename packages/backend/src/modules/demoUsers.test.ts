import type { Server } from 'node:http';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import demoUsers from './demoUsers';

const catalog = catalogServiceMock.factory({
  entities: [
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: 'ada' },
      spec: {},
      relations: [{ type: 'memberOf', targetRef: 'group:default/payments' }],
    },
  ],
});

async function startAuth(demo: object): Promise<Server> {
  const { server } = await startTestBackend({
    features: [
      authPlugin,
      demoUsers,
      catalog,
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: { baseUrl: 'http://localhost:7007' },
          auth: { providers: { demo } },
        },
      }),
    ],
  });
  return server as unknown as Server;
}

function signIn(server: Server, user?: string) {
  const call = request(server).get('/api/auth/demo/refresh');
  return user ? call.set('x-demo-user', user) : call;
}

const users = ['user:default/ada', 'user:default/nobody'];

describe('demo users', () => {
  it('signs in a listed user with the groups of the catalog', async () => {
    const server = await startAuth({
      users,
      dangerouslyAllowOutsideDevelopment: true,
    });

    const response = await signIn(server, 'user:default/ada').expect(200);

    expect(response.body.backstageIdentity).toMatchObject({
      identity: {
        userEntityRef: 'user:default/ada',
        ownershipEntityRefs: ['user:default/ada', 'group:default/payments'],
      },
      token: expect.any(String),
    });
  });

  it('refuses users that are not listed, absent or not in the catalog', async () => {
    const server = await startAuth({
      users,
      dangerouslyAllowOutsideDevelopment: true,
    });

    const answers = [
      await signIn(server, 'user:default/root'),
      await signIn(server),
      await signIn(server, 'user:default/nobody'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404]);
  });

  it('refuses to work outside of development', async () => {
    const server = await startAuth({ users });

    const response = await signIn(server, 'user:default/ada').expect(403);

    expect(response.body.error.message).toMatch(/development environment/);
    expect(JSON.stringify(response.body)).not.toContain('token":"');
  });
});
