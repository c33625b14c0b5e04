import { createMockDirectory } from '@backstage/backend-test-utils';
import { componentEntityV1alpha1Validator } from '@backstage/catalog-model';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { createContext } from '../__testUtils__/context';
import { createServicesFetchAction } from './servicesFetch';

const PACKAGE = resolve(__dirname, '../..');
const REPOSITORY = resolve(PACKAGE, '../..');
const INPUT = {
  name: 'orders',
  owner: 'group:default/payments',
  services: ['app', 'prompt-management', 'model-invocation'],
};

/** Hundreds of files each time. */
jest.setTimeout(30_000);

describe('genai:services:fetch', () => {
  const project = createMockDirectory();
  const workspace = createMockDirectory();
  const packed = createMockDirectory();
  beforeEach(() => workspace.clear());

  async function run(
    input: object = {},
    options: { packageDirectory?: string; workspacePath?: string } = {},
  ) {
    const { packageDirectory, workspacePath = workspace.path } = options;
    const { context, outputs, log } = createContext({
      input: { ...INPUT, ...input },
      workspacePath,
    });
    const action = createServicesFetchAction({ packageDirectory });
    await action.handler(context as never);
    return { files: outputs.files as string[], outputs, log };
  }
  const read = (path: string, directory = project.path) =>
    readFileSync(join(directory, path), 'utf8');
  const readJson = (path: string) => JSON.parse(read(path));
  const pack = (command: string) =>
    execFileSync(
      process.execPath,
      ['scripts/ownServices.js', command, packed.resolve('dist-own-services')],
      { cwd: PACKAGE },
    );

  describe('in an empty project', () => {
    let files: string[];
    let result: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      result = await run({}, { workspacePath: project.path });
      files = result.files;
    });

    it('writes a workspace of the services, with tests, image and CI', () => {
      expect(files).toEqual(
        expect.arrayContaining([
          '.github/workflows/services.yaml',
          'README.md',
          'catalog-info.yaml',
          'services/.gitignore',
          'services/LICENSE',
          'services/README.md',
          'services/kit/src/index.ts',
          'services/package-lock.json',
          'services/prompt-management/src/plugin.ts',
          'services/runtime/Dockerfile',
          'services/runtime/src/main.ts',
        ]),
      );
      expect(files.filter(file => /\.aws\.test\.ts$/.test(file))).toEqual([]);
      for (const file of files) {
        expect(read(file)).not.toMatch(/\$\{\{\s*values\./);
      }
    });

    it('says which services the image runs', () => {
      expect(result.outputs.services).toEqual([
        'model-invocation',
        'prompt-management',
      ]);
      expect(result.log.at(-1)).toContain('model-invocation,prompt-management');
      expect(read('services/runtime/Dockerfile')).toContain(
        'CMD ["--services", "model-invocation,prompt-management"]',
      );
      expect(read('services/README.md')).toContain(
        'The environment runs: `model-invocation,prompt-management`.',
      );
    });

    it('writes the source as it is in this repository', () => {
      const source = files.filter(file => /^services\/.*\/src\//.test(file));
      expect(source.length).toBeGreaterThan(300);
      for (const file of source) {
        expect(read(file)).toBe(read(file, REPOSITORY));
      }
    });

    it('makes packages that belong to the project and install by themselves', () => {
      const { workspaces } = readJson('services/package.json');
      const { packages } = readJson('services/package-lock.json');
      const runtime = readJson('services/runtime/package.json');
      expect(runtime).toMatchObject({
        ...{ private: true, genai: { source: 'own' } },
      });
      expect(runtime).not.toHaveProperty('publishConfig');
      expect(workspaces).toContain('runtime');
      for (const folder of workspaces) {
        const { dependencies, devDependencies } = readJson(
          `services/${folder}/package.json`,
        );
        const names = Object.keys({ ...dependencies, ...devDependencies });
        expect(names.filter(name => name.startsWith('@backstage/'))).toEqual(
          [],
        );
        const missing = names.filter(
          name =>
            !packages[`node_modules/${name}`] &&
            !packages[`${folder}/node_modules/${name}`],
        );
        expect(missing).toEqual([]);
      }
    });

    it('writes a workflow whose steps are scripts that there are', () => {
      const { jobs } = parse(read('.github/workflows/services.yaml'));
      const { scripts } = readJson('services/package.json');
      const steps = jobs.test.steps as Array<{ run?: string }>;
      const used = steps.flatMap(
        step => step.run?.match(/^npm (?:run )?(\w+)$/)?.[1] ?? [],
      );
      expect(used).toEqual(['ci', 'typecheck', 'test', 'build']);
      expect(Object.keys(scripts)).toEqual(
        expect.arrayContaining(used.slice(1)),
      );
      expect(read('.github/workflows/services.yaml')).toContain(
        '${{ github.sha }}',
      );
    });

    it('begins a README and a catalog entry', () => {
      expect(read('README.md')).toMatch(/^# orders\n\n## Services/);
      expect(parse(read('catalog-info.yaml')).metadata.name).toBe(
        'orders-services',
      );
    });

    it('adds to those of a project that has them, once', async () => {
      workspace.setContent({
        'README.md': '# orders app\n',
        'catalog-info.yaml': 'metadata: { name: orders-app }\n',
      });
      await run();
      await run();

      const readme = read('README.md', workspace.path);
      expect(readme).toMatch(/^# orders app\n\n## Services of the environment/);
      expect(readme.match(/^## /gm)).toHaveLength(1);
      const [app, services, ...rest] = parseAllDocuments(
        read('catalog-info.yaml', workspace.path),
      ).map(document => document.toJSON());
      expect(app.metadata.name).toBe('orders-app');
      expect(await componentEntityV1alpha1Validator.check(services)).toBe(true);
      expect(services).toMatchObject({
        metadata: {
          name: 'orders-services',
          annotations: { 'genai-environments.io/environment': 'orders' },
        },
        spec: { owner: 'group:default/payments' },
      });
      expect(rest).toEqual([]);
    });

    it('writes the same from the published package, in which npm leaves nothing out', async () => {
      packed.setContent({
        'package.json': JSON.stringify({
          ...{ name: 'packed', version: '1.0.0' },
          files: ['dist-own-services'],
        }),
      });
      pack('copy');
      const again = await run({}, { packageDirectory: packed.path });

      expect(again.files).toEqual(files);
      for (const file of files) {
        expect(read(file, workspace.path)).toBe(read(file));
      }
      const [{ entryCount }] = JSON.parse(
        execFileSync('npm', ['pack', '--dry-run', '--json', '--offline'], {
          cwd: packed.path,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      );
      expect(entryCount).toBe(files.length + 1);
      pack('remove');
      expect(existsSync(packed.resolve('dist-own-services'))).toBe(false);
    });
  });

  it('writes into a folder of the workspace, for all services', async () => {
    const { outputs } = await run({
      targetPath: 'environment',
      services: undefined,
    });

    expect(outputs.services).toHaveLength(5);
    expect(read('environment/services/package.json', workspace.path)).toContain(
      'workspaces',
    );
  });

  it('says so when the package is incomplete', async () => {
    packed.clear();
    await expect(run({}, { packageDirectory: packed.path })).rejects.toThrow(
      'The source of the services is missing. Install the scaffolder module',
    );
  });

  it('refuses an environment that is its app alone', async () => {
    await expect(run({ services: ['app'] })).rejects.toThrow(
      'There is no source of services to write',
    );
  });

  it.each(['../elsewhere', '/tmp/elsewhere'])(
    'refuses to write to %s',
    async targetPath => {
      await expect(run({ targetPath })).rejects.toThrow(
        'not allowed to refer to a directory outside',
      );
    },
  );

  it('refuses a name that is none', async () => {
    await expect(run({ name: 'x: y' })).rejects.toThrow(
      '"x: y" cannot be the name of a project: it must start with',
    );
  });
});
