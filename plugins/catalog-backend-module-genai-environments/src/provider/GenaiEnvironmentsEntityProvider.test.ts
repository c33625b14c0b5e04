import { mockServices } from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { EntityProviderMutation } from '@backstage/plugin-catalog-node';
import {
  Environment,
  GENAI_ENVIRONMENTS_TOPIC,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  inPhase,
  OPEN_API,
  readyEnvironment,
} from '../__testUtils__/environments';
import { ApiDocuments } from './ApiDocuments';
import {
  GenaiEnvironmentsEntityProvider,
  GenaiEnvironmentsEntityProviderOptions,
} from './GenaiEnvironmentsEntityProvider';

/** What a catalog would hold, and a backend that it is compared with. */
function setup(
  overrides: Partial<GenaiEnvironmentsEntityProviderOptions> = {},
) {
  const environments = new Map<string, Environment>();
  const catalog = new Map<string, object>();
  const mutations: EntityProviderMutation[] = [];
  const waiters = new Set<() => void>();

  const reader = {
    list: jest.fn(async () => [...environments.values()]),
    get: jest.fn(async (name: string) => environments.get(name)),
    getOpenApi: jest.fn(async () => OPEN_API as Record<string, unknown>),
  };
  const connection = {
    refresh: jest.fn(),
    applyMutation: jest.fn(async (mutation: EntityProviderMutation) => {
      mutations.push(mutation);
      if (mutation.type === 'full') catalog.clear();
      else {
        for (const each of mutation.removed) {
          if ('entityRef' in each) catalog.delete(each.entityRef);
        }
      }
      const added =
        mutation.type === 'full' ? mutation.entities : mutation.added;
      for (const { entity } of added) {
        catalog.set(stringifyEntityRef(entity), entity);
      }
      for (const waiter of [...waiters]) waiter();
    }),
  };
  const events = mockServices.events();
  const logger = mockServices.logger.mock();
  let scheduled: () => Promise<void> = async () => {};
  const provider = GenaiEnvironmentsEntityProvider.create({
    reader,
    documents: ApiDocuments.create({ reader, logger, firstRetryMs: 1 }),
    knownApis: { load: async () => [] },
    events,
    logger,
    firstRetryMs: 1,
    taskRunner: {
      run: async task => {
        scheduled = () =>
          task.fn(new AbortController().signal) as Promise<void>;
      },
    },
    ...overrides,
  });

  /** Resolves after the mutation that makes the catalog hold exactly these. */
  const untilCatalogHolds = (...refs: string[]) =>
    new Promise<void>(resolve => {
      const check = () => {
        if ([...catalog.keys()].sort().join() !== refs.sort().join()) return;
        waiters.delete(check);
        resolve();
      };
      waiters.add(check);
      check();
    });
  const publish = (payload: unknown) =>
    events.publish({ topic: GENAI_ENVIRONMENTS_TOPIC, eventPayload: payload });

  return {
    ...{ environments, catalog, mutations, reader, connection, provider },
    ...{ logger, untilCatalogHolds, publish },
    runSchedule: () => scheduled(),
  };
}

const refsOf = (name: string) => [
  `resource:default/${name}`,
  `api:default/${name}`,
  `component:default/${name}-app`,
];

describe('GenaiEnvironmentsEntityProvider', () => {
  let fixture: ReturnType<typeof setup>;
  const start = async (...args: Parameters<typeof setup>) => {
    fixture = setup(...args);
    return fixture;
  };
  afterEach(() => fixture.provider.shutdown());

  it('brings everything into the catalog when it starts', async () => {
    const { environments, provider, connection, untilCatalogHolds } =
      await start();
    environments.set('orders', readyEnvironment('orders'));
    environments.set('invoices', readyEnvironment('invoices'));

    await provider.connect(connection);

    await expect(
      untilCatalogHolds(...refsOf('orders'), ...refsOf('invoices')),
    ).resolves.toBeUndefined();
  });

  it('follows an environment from creation to teardown', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    const ready = readyEnvironment('orders');

    f.environments.set('orders', inPhase(ready, 'Pending'));
    await f.publish({ name: 'orders' });
    await f.untilCatalogHolds(
      'resource:default/orders',
      'component:default/orders-app',
    );

    f.environments.set('orders', ready);
    await f.publish({ name: 'orders' });
    await f.untilCatalogHolds(...refsOf('orders'));

    f.environments.set('orders', inPhase(ready, 'Deleting'));
    await f.publish({ name: 'orders' });
    f.environments.delete('orders');
    await f.publish({ name: 'orders' });
    await expect(f.untilCatalogHolds()).resolves.toBeUndefined();
  });

  it('believes the API, not the event', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    f.environments.set('orders', readyEnvironment('orders'));

    await f.publish({ name: 'orders', phase: 'Deleted' });
    await f.publish({ name: '../secrets' });
    await f.publish(undefined);

    await f.untilCatalogHolds(...refsOf('orders'));
    expect(f.reader.get).not.toHaveBeenCalledWith('../secrets');
  });

  it('answers a burst of events with few reads', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    await f.runSchedule();
    f.environments.set('orders', readyEnvironment('orders'));
    let release = () => {};
    const gate = new Promise<void>(resolve => {
      release = resolve;
    });
    f.reader.get.mockImplementationOnce(async name => {
      await gate;
      return f.environments.get(name);
    });

    for (let sequence = 0; sequence < 200; sequence += 1) {
      await f.publish({ name: 'orders', sequence });
    }
    release();
    await f.untilCatalogHolds(...refsOf('orders'));
    await f.provider.shutdown();

    // Three rounds (first event, the other 199, the API document), two reads each.
    expect(f.reader.get.mock.calls.length).toBeLessThanOrEqual(6);
  });

  it('undoes what another replica saw later than it', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    f.environments.set('orders', readyEnvironment('orders'));
    // The environment goes, and another replica says so, between our read and our write.
    f.connection.applyMutation.mockImplementationOnce(async mutation => {
      f.environments.delete('orders');
      await f.connection.applyMutation(mutation);
    });
    f.connection.applyMutation.mockClear();

    await f.runSchedule();

    await f.untilCatalogHolds();
    expect(f.mutations.some(m => m.type === 'delta')).toBe(true);
  });

  it('starts before the backend does', async () => {
    const f = await start();
    f.environments.set('orders', readyEnvironment('orders'));
    f.reader.list
      .mockRejectedValueOnce(new Error('connect ECONNREFUSED'))
      .mockRejectedValueOnce(new Error('503 Service Unavailable'));

    await f.provider.connect(f.connection);

    await f.untilCatalogHolds(...refsOf('orders'));
    expect(f.logger.warn).toHaveBeenCalledTimes(2);
  });

  it('lets no unreadable environment hold up the others', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    await f.runSchedule();
    f.environments.set('orders', readyEnvironment('orders'));
    const get = f.reader.get.getMockImplementation()!;
    let broken = true;
    f.reader.get.mockImplementation(async name => {
      if (name === 'broken' && broken) throw new Error('500');
      return get(name);
    });

    await f.publish({ name: 'broken' });
    await f.publish({ name: 'orders' });
    await f.untilCatalogHolds(...refsOf('orders'));

    f.environments.set('broken', readyEnvironment('broken'));
    broken = false;
    await expect(
      f.untilCatalogHolds(...refsOf('orders'), ...refsOf('broken')),
    ).resolves.toBeUndefined();
  });

  it('finds by schedule what no event told', async () => {
    const f = await start();
    await f.provider.connect(f.connection);
    f.environments.set('orders', readyEnvironment('orders'));
    await f.runSchedule();
    await f.untilCatalogHolds(...refsOf('orders'));

    f.environments.clear();
    await f.runSchedule();

    await expect(f.untilCatalogHolds()).resolves.toBeUndefined();
  });

  it('keeps the API of an environment that cannot be asked after a restart', async () => {
    const environment = inPhase(readyEnvironment('orders'), 'Hibernated');
    const f = await start({
      knownApis: {
        load: async () => [
          { name: 'orders', uid: environment.uid, definition: '{}' },
        ],
      },
    });
    f.environments.set('orders', environment);

    await f.provider.connect(f.connection);

    await f.untilCatalogHolds(...refsOf('orders'));
    expect(f.mutations[0]).toMatchObject({ type: 'full' });
    expect(f.reader.getOpenApi).not.toHaveBeenCalled();
  });
});
