import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import {
  Environment,
  GENAI_ENVIRONMENTS_TOPIC,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import catalogModule from './index';
import {
  inPhase,
  OPEN_API,
  readyEnvironment,
} from './__testUtils__/environments';

type FakeRequest = {
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | undefined>;
};
type FakeResponse = {
  status(code: number): FakeResponse;
  json(body: unknown): void;
};

/** Stands in for the backend plugin: two environments a page, one list of callers. */
function createFakeBackend() {
  const environments = new Map<string, Environment>();
  const callers = new Set<string>();
  let notify: (name: string) => Promise<void> = async () => {};
  let catalog: CatalogService | undefined;

  const plugin = createBackendPlugin({
    pluginId: 'genai-environments',
    register(env) {
      env.registerInit({
        deps: {
          auth: coreServices.auth,
          catalog: catalogServiceRef,
          events: eventsServiceRef,
          router: coreServices.httpRouter,
        },
        async init(deps) {
          catalog = deps.catalog;
          notify = name =>
            deps.events.publish({
              topic: GENAI_ENVIRONMENTS_TOPIC,
              eventPayload: { name },
            });
          const handler = async (req: FakeRequest, res: FakeResponse) => {
            const token = req.headers.authorization?.slice('Bearer '.length);
            const { principal } = await deps.auth.authenticate(token ?? '');
            callers.add(JSON.stringify(principal));
            const [, , , name, what] = req.path.split('/');
            if (!name) {
              const from = Number(req.query.cursor ?? 0);
              const items = [...environments.values()];
              res.json({
                items: items.slice(from, from + 2),
                nextCursor:
                  from + 2 < items.length ? String(from + 2) : undefined,
              });
            } else if (!environments.has(name)) {
              res.status(404).json({ error: { name: 'NotFoundError' } });
            } else {
              res.json(what === 'openapi' ? OPEN_API : environments.get(name));
            }
          };
          deps.router.use(handler as never);
        },
      });
    },
  });
  return {
    ...{ plugin, environments, callers },
    notify: (name: string) => notify(name),
    refs: async () => {
      const { items } = await catalog!.getEntities(
        { filter: { kind: ['Resource', 'API', 'Component'] } },
        { credentials: await mockServices.auth().getOwnServiceCredentials() },
      );
      return items.map(e => `${e.kind}:${e.metadata.name}`.toLowerCase());
    },
  };
}

/** Gives up sooner than the schedule of the module would bring news. */
async function eventually(assertion: () => Promise<void>) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  }
}

describe('catalogModuleGenaiEnvironments', () => {
  it('keeps a real catalog in step with the environments', async () => {
    const fake = createFakeBackend();
    for (const name of ['orders', 'invoices', 'returns']) {
      fake.environments.set(name, readyEnvironment(name));
    }
    const backend = await startTestBackend({
      features: [
        catalogPlugin,
        catalogModule,
        fake.plugin,
        mockServices.database.factory(),
        eventsServiceFactory,
        mockServices.scheduler.factory(),
      ],
    });

    await eventually(async () =>
      expect((await fake.refs()).sort()).toEqual([
        'api:invoices',
        'api:orders',
        'api:returns',
        'component:invoices-app',
        'component:orders-app',
        'component:returns-app',
        'resource:invoices',
        'resource:orders',
        'resource:returns',
      ]),
    );

    const created = inPhase(readyEnvironment('refunds'), 'Pending');
    fake.environments.set('refunds', created);
    await fake.notify('refunds');
    await eventually(async () =>
      expect(await fake.refs()).toContain('resource:refunds'),
    );

    for (const name of ['orders', 'refunds']) {
      fake.environments.delete(name);
      await fake.notify(name);
    }
    await eventually(async () =>
      expect((await fake.refs()).sort()).toEqual([
        'api:invoices',
        'api:returns',
        'component:invoices-app',
        'component:returns-app',
        'resource:invoices',
        'resource:returns',
      ]),
    );
    expect([...fake.callers]).toEqual([
      expect.stringContaining('"type":"service"'),
    ]);
    await backend.stop();
  }, 60_000);
});
