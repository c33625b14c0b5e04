import { EventEmitter, once } from 'node:events';
import {
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  CreateEnvironmentRequest,
  Environment,
  Phase,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { genaiProvisionersExtensionPoint } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Knex } from 'knex';
import request, { Test } from 'supertest';
import plugin from '../index';
import type { EnvironmentRow } from '../database/rows';
import { createGenaiEnvironmentsPolicy } from '../permissions/policy';
import { FakeProvisioner } from './FakeProvisioner';

/** Users of the tests and whom they belong to. */
export const OWNERSHIP: Record<string, string[]> = {
  'user:default/ada': ['user:default/ada', 'group:default/payments'],
  'user:default/bob': ['user:default/bob', 'group:default/search'],
  'user:default/pat': ['user:default/pat', 'group:default/platform'],
};

export const createRequest: CreateEnvironmentRequest = {
  name: 'invoice-bot',
  owner: 'group:default/payments',
  provisioner: 'fake',
  tier: 'sandbox',
  region: 'here',
  models: ['fake.text'],
  services: ['model-invocation', 'app'],
};

/** The recommended policy, unless a test brings another. */
const recommended = createGenaiEnvironmentsPolicy({
  platformGroups: ['group:default/platform'],
});

type Authorize = typeof recommended;

const running = new Set<{ stop(): Promise<void> }>();

// Each test ends its own backend, before the databases are taken away.
afterEach(async () => {
  const backends = [...running];
  running.clear();
  await Promise.all(backends.map(backend => backend.stop()));
});

/** The real plugin behind a real HTTP server, with a provisioner that is a fake. */
export async function startPlugin(options: {
  knex: Knex;
  provisioner?: FakeProvisioner;
  config?: object;
  policy?: Authorize;
}) {
  const provisioner = options.provisioner ?? new FakeProvisioner();
  const policy = options.policy ?? recommended;
  const audited: Array<{ eventId: string; result: string; text: string }> = [];
  const published: unknown[] = [];
  const changes = new EventEmitter();

  const decide = (
    permission: Parameters<Authorize>[0]['permission'],
    credentials: { principal: { type: string; userEntityRef?: string } },
  ): PolicyDecision => {
    const { type, userEntityRef } = credentials.principal;
    if (type === 'service') return { result: AuthorizeResult.ALLOW };
    return (
      policy(
        { permission },
        {
          credentials: mockCredentials.user(userEntityRef),
          info: {
            userEntityRef: userEntityRef!,
            ownershipEntityRefs: OWNERSHIP[userEntityRef!],
          },
        },
      ) ?? { result: AuthorizeResult.DENY }
    );
  };

  const backend = await startTestBackend({
    features: [
      plugin,
      createBackendModule({
        pluginId: 'genai-environments',
        moduleId: 'fake',
        register(env) {
          env.registerInit({
            deps: { provisioners: genaiProvisionersExtensionPoint },
            async init({ provisioners }) {
              provisioners.addProvisioner(provisioner);
            },
          });
        },
      }),
      mockServices.rootConfig.factory({
        data: {
          genaiEnvironments: {
            reconciler: {
              pollInterval: { milliseconds: 100 },
              initialBackoff: { milliseconds: 20 },
              maxBackoff: { milliseconds: 40 },
            },
            ...options.config,
          },
        },
      }),
      mockServices.database.factory({ knex: options.knex }),
      mockServices.httpAuth.factory({
        defaultCredentials: mockCredentials.none(),
      }),
      mockServices.userInfo.mock({
        getUserInfo: async credentials => {
          const { userEntityRef } = (
            credentials as ReturnType<typeof mockCredentials.user>
          ).principal;
          return {
            userEntityRef,
            ownershipEntityRefs: OWNERSHIP[userEntityRef],
          };
        },
      }).factory,
      mockServices.permissions.mock({
        authorize: async (requests, { credentials }: any) =>
          requests.map(({ permission }) => {
            const { result } = decide(permission, credentials);
            return {
              result:
                result === AuthorizeResult.ALLOW
                  ? AuthorizeResult.ALLOW
                  : AuthorizeResult.DENY,
            };
          }),
        authorizeConditional: async (requests, { credentials }: any) =>
          requests.map(({ permission }) => decide(permission, credentials)),
      }).factory,
      createServiceFactory({
        service: coreServices.auditor,
        deps: {},
        factory: () => ({
          async createEvent(event) {
            const { request: _, ...rest } = event;
            const note = (result: string, more?: unknown) => {
              const text = JSON.stringify([rest, more]);
              audited.push({ eventId: event.eventId, result, text });
            };
            return {
              success: async more => note('success', more),
              fail: async more =>
                note('failure', { ...more, error: String(more.error) }),
            };
          },
        }),
      }),
      mockServices.events.mock({
        publish: async event => {
          published.push(event);
          changes.emit('change');
        },
        subscribe: async () => {},
      }).factory,
    ],
  });

  running.add(backend);

  /** Asks now and after each published change, until the answer is not `undefined`. */
  const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const before = published.length;
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (published.length === before) await once(changes, 'change');
    }
  };

  const base = '/api/genai-environments/v1';
  const as = (user: string | undefined) => {
    const header = user
      ? mockCredentials.user.header(user)
      : mockCredentials.none.header();
    const send = (test: Test) => test.set('Authorization', header);
    const server = backend.server;
    return {
      header,
      get: (path: string) => send(request(server).get(base + path)),
      post: (path: string, body?: object) =>
        send(
          request(server)
            .post(base + path)
            .send(body),
        ),
      patch: (path: string, body?: object) =>
        send(
          request(server)
            .patch(base + path)
            .send(body),
        ),
      delete: (path: string) => send(request(server).delete(base + path)),
    };
  };
  const ada = as('user:default/ada');

  return {
    backend,
    provisioner,
    audited,
    published,
    as,
    ada,
    bob: as('user:default/bob'),
    pat: as('user:default/pat'),
    nobody: as(undefined),
    url: `http://127.0.0.1:${backend.server.port()}${base}`,
    /** Resolves with the record once it is in the phase, as of its generation. */
    waitForPhase: (name: string, phase: Phase): Promise<Environment> =>
      until(async () => {
        const { body } = await ada.get(`/environments/${name}`).expect(200);
        const isCurrent = body.status.observedGeneration === body.generation;
        return body.status.phase === phase && isCurrent ? body : undefined;
      }),
    /** Resolves with the first row that fits, past whatever the policy says. */
    waitForRecord: (
      fits: (row: EnvironmentRow) => boolean,
    ): Promise<EnvironmentRow> =>
      until(async () => {
        const rows = await options.knex<EnvironmentRow>('environments');
        return rows.find(fits);
      }),
    /** Resolves once no environment has the name any more. */
    waitUntilGone: (name: string): Promise<boolean> =>
      until(async () => {
        const { status } = await ada.get(`/environments/${name}`);
        return status === 404 ? true : undefined;
      }),
  };
}
