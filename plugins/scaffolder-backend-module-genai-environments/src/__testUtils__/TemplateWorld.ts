import {
  coreServices,
  createBackendModule,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { createPublishGithubAction } from '@backstage/plugin-scaffolder-backend-module-github';
import type { TemplateEntityV1beta3 } from '@backstage/plugin-scaffolder-common';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { existsSync, readFileSync, cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import scaffolderModule from '../index';
import { FakeEnvironmentsBackend } from './FakeEnvironmentsBackend';

const TEMPLATES = resolve(__dirname, '../../../../templates');

export const readTemplate = (name: string): TemplateEntityV1beta3 =>
  parse(readFileSync(resolve(TEMPLATES, name, 'template.yaml'), 'utf8'));

/** What the form of `genai-environment` hands over. */
export const VALUES = {
  name: 'orders',
  owner: 'group:default/payments',
  description: 'Answers: "where is my order?"',
  tier: 'sandbox',
  models: ['local.extractive'],
  services: ['model-invocation', 'app'],
  expiresAfter: 'P7D',
  ownServices: false,
  publishTo: 'local',
  review: 'passed',
};

export const ON_GITHUB = {
  publishTo: 'github',
  repoUrl: 'github.com?owner=acme&repo=orders',
};

/** Takes the place of GitHub: the action's real input schema, and no GitHub. */
function createFakeGithub(directory: string) {
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
              cpSync(ctx.workspacePath, directory, { recursive: true });
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

type Answer = { status: number; body: any };

/**
 * A real scaffolder with this module and both templates, before a stand-in for the
 * environments' backend, the catalog and GitHub.
 */
export class TemplateWorld {
  readonly genai = new FakeEnvironmentsBackend();
  readonly data = createMockDirectory();
  private readonly published = createMockDirectory();
  /** Locations that were put into the catalog. */
  readonly registered: object[] = [];
  /** Called when a task puts one there. */
  onRegister: () => Promise<void> = async () => {};
  /** Called when an action asks how its task stands: it has heard of a cancellation. */
  onCancellationHeard = () => {};
  readonly github = createFakeGithub(this.published.path);
  private backend?: TestBackend;

  async start() {
    await this.genai.start();
    this.backend = await startTestBackend({
      features: [
        scaffolderPlugin,
        scaffolderModule,
        this.github.module,
        mockServices.database.factory(),
        this.createCatalog().factory,
        mockServices.rootConfig.factory({
          data: {
            backend: { workingDirectory: this.data.path },
            genaiEnvironments: { local: { dataDirectory: this.data.path } },
            scaffolder: { taskRecovery: { enabled: true } },
          },
        }),
        this.createDiscovery(),
      ],
    });
  }

  async stop() {
    await this.backend?.stop();
    await this.genai.stop();
  }

  clear() {
    this.genai.records.clear();
    this.genai.calls.length = 0;
    this.data.clear();
    this.published.clear();
    this.registered.length = 0;
    this.github.inputs.length = 0;
    this.onRegister = async () => {};
    this.onCancellationHeard = () => {};
  }

  async api(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.scaffolderUrl()}${path}`, {
      ...init,
      headers: { 'Content-Type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  }

  post(path: string, body: object = {}): Promise<Answer> {
    return this.api(path, { method: 'POST', body: JSON.stringify(body) });
  }

  /** Starts a task; answers its id. */
  async begin(template: string, values: object): Promise<string> {
    const { body, status } = await this.post('/v2/tasks', {
      templateRef: `template:default/${template}`,
      values,
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.id;
  }

  /** Waits until a task has ended. */
  async end(id: string) {
    for (;;) {
      const task = await this.api(`/v2/tasks/${id}`);
      if (!['open', 'processing'].includes(task.body.status)) {
        const events = await this.api(`/v2/tasks/${id}/events`);
        const log = (events.body as Array<{ body: { message: string } }>)
          .map(event => event.body.message)
          .join('\n');
        const { output } = events.body.at(-1).body;
        return { status: task.body.status as string, log, output };
      }
      await new Promise(done => setTimeout(done, 50));
    }
  }

  async run(template: string, values: object) {
    return this.end(await this.begin(template, values));
  }

  /** A file that was published to GitHub. */
  readPublished(path: string): string {
    return readFileSync(join(this.published.path, path), 'utf8');
  }

  hasPublished(path: string): boolean {
    return existsSync(join(this.published.path, path));
  }

  private scaffolderUrl() {
    return `http://localhost:${this.backend!.server.port()}/api/scaffolder`;
  }

  private createCatalog() {
    const templates = ['genai-environment', 'genai-environment-teardown'].map(
      readTemplate,
    );
    return catalogServiceMock.mock({
      getEntityByRef: async ref =>
        templates.find(
          t =>
            stringifyEntityRef(t) ===
            (typeof ref === 'string' ? ref : stringifyEntityRef(ref)),
        ),
      addLocation: async request => {
        this.registered.push(request);
        await this.onRegister();
        const location = { ...request, id: 'x', type: 'url', entityRef: 'x' };
        return { location, entities: [] };
      },
    });
  }

  private createDiscovery() {
    return createServiceFactory({
      service: coreServices.discovery,
      deps: {},
      factory: () =>
        mockServices.discovery.mock({
          getBaseUrl: async id => {
            if (id !== 'scaffolder') return this.genai.baseUrl;
            this.onCancellationHeard();
            return this.scaffolderUrl();
          },
        }),
    });
  }
}
