import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import {
  ON_GITHUB,
  TemplateWorld,
  VALUES,
} from './__testUtils__/TemplateWorld';

// Hundreds of files are written, copied and committed.
jest.setTimeout(60_000);

describe('template genai-environment with own services', () => {
  const world = new TemplateWorld();
  const { genai, data, registered } = world;
  const OWN = { ...VALUES, ownServices: true };

  beforeAll(() => world.start());
  afterAll(() => world.stop());
  beforeEach(() => world.clear());

  const local = () => data.resolve('repositories/orders');
  const show = (path: string) =>
    execFileSync('git', ['show', `HEAD:${path}`], {
      cwd: local(),
      encoding: 'utf8',
    });

  it('publishes their source beside the app on this machine', async () => {
    const { status, log } = await world.run('genai-environment', OWN);

    expect(status === 'completed' || log).toBe(true);
    expect(show('package.json')).toContain('"main": "src/main.ts"');
    expect(show('services/runtime/Dockerfile')).toContain(
      'CMD ["--services", "model-invocation"]',
    );
    expect(show('services/.gitignore')).toContain('node_modules/');
    expect(show('README.md')).toMatch(/^# orders app[^]*\n## Services of the/);
    expect(genai.records.get('orders')?.request.app).toEqual({
      repository: `file://${local()}`,
      catalogSource: 'environment',
    });
  });

  it('publishes them to GitHub, where one catalog entry has both', async () => {
    const { status, log } = await world.run('genai-environment', {
      ...OWN,
      ...ON_GITHUB,
    });

    expect(status === 'completed' || log).toBe(true);
    const names = parseAllDocuments(
      world.readPublished('catalog-info.yaml'),
    ).map(document => document.toJSON().metadata.name);
    expect(names).toEqual(['orders-app', 'orders-services']);
    expect(world.hasPublished('.github/workflows/services.yaml')).toBe(true);
    expect(world.hasPublished('.github/workflows/ci.yaml')).toBe(true);
    expect(registered[0]).toMatchObject({
      target: 'https://github.com/acme/orders/tree/main/catalog-info.yaml',
    });
  });

  it('publishes them for an environment without an app', async () => {
    const { status, log } = await world.run('genai-environment', {
      ...OWN,
      services: ['vectorization', 'document-processing'],
    });

    expect(status === 'completed' || log).toBe(true);
    expect(show('README.md')).toMatch(/^# orders\n\n## Services of the/);
    expect(existsSync(`${local()}/package.json`)).toBe(false);
    expect(genai.records.get('orders')?.request.app).toEqual({
      repository: `file://${local()}`,
    });
  });

  it('writes none for an app alone', async () => {
    const { status, log } = await world.run('genai-environment', {
      ...OWN,
      services: ['app'],
    });

    expect(status === 'completed' || log).toBe(true);
    expect(existsSync(`${local()}/package.json`)).toBe(true);
    expect(existsSync(`${local()}/services`)).toBe(false);
  });

  it('writes none unless asked to', async () => {
    await world.run('genai-environment', VALUES);
    expect(existsSync(`${local()}/package.json`)).toBe(true);
    expect(existsSync(`${local()}/services`)).toBe(false);
  });
});
