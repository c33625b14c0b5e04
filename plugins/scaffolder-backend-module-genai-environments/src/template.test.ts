import {
  createBackendModule,
  createServiceFactory,
  coreServices,
} from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { createPublishGithubAction } from '@backstage/plugin-scaffolder-backend-module-github';
import {
  TemplateEntityV1beta3,
  templateEntityV1beta3Validator,
} from '@backstage/plugin-scaffolder-common';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { ScmIntegrations } from '@backstage/integration';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { FakeEnvironmentsBackend } from './__testUtils__/FakeEnvironmentsBackend';
import scaffolderModule from './index';

const TEMPLATES = resolve(__dirname, '../../../templates');
const readTemplate = (name: string): TemplateEntityV1beta3 =>
  parse(readFileSync(resolve(TEMPLATES, name, 'template.yaml'), 'utf8'));

const VALUES = {
  name: 'orders',
  owner: 'group:default/payments',
  description: 'Answers: "where is my order?"',
  tier: 'sandbox',
  models: ['local.extractive'],
  services: ['model-invocation', 'app'],
  expiresAfter: 'P7D',
  publishTo: 'local',
  review: 'passed',
};

/** Takes the place of GitHub: the action's real input schema, and no GitHub. */
function createFakeGithub() {
  const inputs: object[] = [];
  const integrations = ScmIntegrations.fromConfig(mockServices.rootConfig());
  const real = createPublishGithubAction({
    integrations,
    config: mockServices.rootConfig(),
  });
  const module = createBackendModule({
    pluginId: 'scaffolder',
    moduleId: 'fake-github',
    register(env) {
      env.registerInit({
        deps: { actions: scaffolderActionsExtensionPoint },
        async init({ actions }) {
          actions.addActions({
            ...real,
            handler: async ctx => {
              inputs.push(ctx.input);
              const url = 'https://github.com/acme/orders';
              ctx.output('remoteUrl', `${url}.git`);
              ctx.output('repoContentsUrl', `${url}/blob/main`);
            },
          } as ReturnType<typeof createTemplateAction>);
        },
      });
    },
  });
  return { inputs, module };
}

describe('templates', () => {
  const genai = new FakeEnvironmentsBackend();
  const github = createFakeGithub();
  const data = createMockDirectory();
  const registered: object[] = [];
  let backend: TestBackend;

  beforeAll(async () => {
    await genai.start();
    const templates = ['genai-environment', 'genai-environment-teardown'].map(
      readTemplate,
    );
    const catalog = catalogServiceMock.mock({
      getEntityByRef: async ref =>
        templates.find(
          t =>
            stringifyEntityRef(t) ===
            (typeof ref === 'string' ? ref : stringifyEntityRef(ref)),
        ),
      addLocation: async request => {
        registered.push(request);
        const location = { ...request, id: 'x', type: 'url', entityRef: 'x' };
        return { location, entities: [] };
      },
    });
    backend = await startTestBackend({
      features: [
        scaffolderPlugin,
        scaffolderModule,
        github.module,
        mockServices.database.factory(),
        catalog.factory,
        mockServices.rootConfig.factory({
          data: {
            backend: { workingDirectory: data.path },
            genaiEnvironments: { local: { dataDirectory: data.path } },
          },
        }),
        createServiceFactory({
          service: coreServices.discovery,
          deps: {},
          factory: () =>
            mockServices.discovery.mock({
              getBaseUrl: async () => genai.baseUrl,
            }),
        }),
      ],
    });
  }, 30_000);
  afterAll(async () => {
    await backend.stop();
    await genai.stop();
  });
  beforeEach(() => {
    genai.records.clear();
    genai.calls.length = 0;
    data.clear();
    registered.length = 0;
    github.inputs.length = 0;
  });

  const api = (path: string, init?: RequestInit) =>
    fetch(`http://localhost:${backend.server.port()}/api/scaffolder${path}`, {
      ...init,
      headers: { 'Content-Type': 'application/json' },
    }).then(async response => ({
      status: response.status,
      body: await response.json(),
    }));

  async function run(template: string, values: object) {
    const { body, status } = await api('/v2/tasks', {
      method: 'POST',
      body: JSON.stringify({
        templateRef: `template:default/${template}`,
        values,
      }),
    });
    expect([status, body]).toEqual([201, { id: expect.any(String) }]);
    for (;;) {
      const task = await api(`/v2/tasks/${body.id}`);
      if (!['open', 'processing'].includes(task.body.status)) {
        const events = await api(`/v2/tasks/${body.id}/events`);
        const log = (events.body as Array<{ body: { message: string } }>)
          .map(event => event.body.message)
          .join('\n');
        const last = events.body.at(-1).body;
        return { status: task.body.status, log, output: last.output };
      }
      await new Promise(done => setTimeout(done, 50));
    }
  }

  it.each(['genai-environment', 'genai-environment-teardown'])(
    '%s is a template by the catalog’s own schema',
    async name => {
      const template = readTemplate(name);

      expect(await templateEntityV1beta3Validator.check(template)).toBe(true);
      const { body } = await api('/v2/actions');
      const known = (body as Array<{ id: string }>).map(({ id }) => id);
      for (const { action } of template.spec.steps) {
        expect(known).toContain(action);
      }
    },
  );

  it('creates an environment with its app, published on this machine', async () => {
    const { status, log, output } = await run('genai-environment', VALUES);

    expect(status === 'completed' || log).toBe(true);
    expect(genai.records.get('orders')?.request).toMatchObject({
      name: 'orders',
      owner: 'group:default/payments',
      description: VALUES.description,
      services: ['model-invocation', 'app'],
      expiresAfter: 'P7D',
      app: {
        repository: `file://${data.path}/repositories/orders`,
        catalogSource: 'environment',
      },
    });
    expect(
      execFileSync('git', ['show', 'HEAD:catalog-info.yaml'], {
        cwd: data.resolve('repositories/orders'),
        encoding: 'utf8',
      }),
    ).toContain('name: orders-app');
    expect(output.links).toEqual([
      {
        title: 'Open the environment',
        icon: 'catalog',
        entityRef: 'resource:default/orders',
      },
      {
        title: 'Open the app',
        icon: 'web',
        url: 'http://127.0.0.1:40001/app/',
      },
    ]);
    expect(registered).toEqual([]);
    expect(JSON.stringify(genai.calls.map(c => c.path))).not.toContain(
      'reveal',
    );
  });

  it('publishes to GitHub and lets the repository register the app', async () => {
    const { status, log, output } = await run('genai-environment', {
      ...VALUES,
      publishTo: 'github',
      repoUrl: 'github.com?owner=acme&repo=orders',
    });

    expect(status === 'completed' || log).toBe(true);
    expect(github.inputs).toEqual([
      expect.objectContaining({ repoUrl: 'github.com?owner=acme&repo=orders' }),
    ]);
    expect(genai.records.get('orders')?.request.app).toEqual({
      repository: 'https://github.com/acme/orders.git',
      catalogSource: 'repository',
    });
    expect(registered[0]).toMatchObject({
      type: 'url',
      target: 'https://github.com/acme/orders/tree/main/catalog-info.yaml',
    });
    expect(existsSync(data.resolve('repositories'))).toBe(false);
    expect(output.links).toHaveLength(3);
  });

  it('creates an environment without an app', async () => {
    const { status, log, output } = await run('genai-environment', {
      ...VALUES,
      description: undefined,
      services: ['model-invocation'],
    });

    expect(status === 'completed' || log).toBe(true);
    expect(genai.records.get('orders')?.request).not.toHaveProperty('app');
    expect(output.links).toHaveLength(2);
    expect(existsSync(data.resolve('repositories'))).toBe(false);
  });

  it('makes nothing when the plan has problems', async () => {
    const { plan } = genai;
    genai.plan = {
      ...plan,
      problems: [
        {
          path: 'owner',
          code: 'quota-exceeded',
          message: 'payments has 5 of at most 5 environments.',
        },
      ],
    };
    const { status, log } = await run('genai-environment', VALUES);
    genai.plan = plan;

    expect(status).toBe('failed');
    expect(log).toContain('- owner: payments has 5 of at most 5 environments.');
    expect(genai.records.size).toBe(0);
    expect(existsSync(data.resolve('repositories'))).toBe(false);
  });

  it('tears an environment down', async () => {
    await run('genai-environment', VALUES);
    const { status, log } = await run('genai-environment-teardown', {
      environment: 'resource:default/orders',
      confirmation: true,
    });

    expect(status === 'completed' || log).toBe(true);
    expect(genai.environment('orders')?.status.phase).toBe('Deleted');
  });

  it('tears nothing down without the confirmation', async () => {
    const { status } = await api('/v2/tasks', {
      method: 'POST',
      body: JSON.stringify({
        templateRef: 'template:default/genai-environment-teardown',
        values: { environment: 'resource:default/orders', confirmation: false },
      }),
    });

    expect(status).toBe(400);
  });
});
