import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  ON_GITHUB,
  readTemplate,
  TemplateWorld,
  VALUES,
} from './__testUtils__/TemplateWorld';

describe('templates', () => {
  const world = new TemplateWorld();
  const { genai, github, data, registered } = world;

  beforeAll(() => world.start(), 30_000);
  afterAll(() => world.stop());
  beforeEach(() => world.clear());

  it.each(['genai-environment', 'genai-environment-teardown'])(
    '%s is a template by the catalog’s own schema',
    async name => {
      const template = readTemplate(name);

      expect(await templateEntityV1beta3Validator.check(template)).toBe(true);
      const { body } = await world.api('/v2/actions');
      const known = (body as Array<{ id: string }>).map(({ id }) => id);
      for (const { action } of template.spec.steps) {
        expect(known).toContain(action);
      }
    },
  );

  it('creates an environment with its app, published on this machine', async () => {
    const { status, log, output } = await world.run(
      'genai-environment',
      VALUES,
    );

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
    const { status, log, output } = await world.run('genai-environment', {
      ...VALUES,
      ...ON_GITHUB,
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
    const { status, log, output } = await world.run('genai-environment', {
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
    const { status, log } = await world.run('genai-environment', VALUES);
    genai.plan = plan;

    expect(status).toBe('failed');
    expect(log).toContain('- owner: payments has 5 of at most 5 environments.');
    expect(genai.records.size).toBe(0);
    expect(existsSync(data.resolve('repositories'))).toBe(false);
  });

  it('tears an environment down', async () => {
    await world.run('genai-environment', VALUES);
    const { status, log } = await world.run('genai-environment-teardown', {
      environment: 'resource:default/orders',
      confirmation: true,
    });

    expect(status === 'completed' || log).toBe(true);
    expect(genai.environment('orders')?.status.phase).toBe('Deleted');
  });

  it('tears nothing down without the confirmation', async () => {
    const { status } = await world.post('/v2/tasks', {
      templateRef: 'template:default/genai-environment-teardown',
      values: { environment: 'resource:default/orders', confirmation: false },
    });

    expect(status).toBe(400);
  });
});
