import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { componentEntityV1alpha1Validator } from '@backstage/catalog-model';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { createContext } from '../__testUtils__/context';
import { createSkeletonFetchAction } from './skeletonFetch';

const PACKAGE = resolve(__dirname, '../..');
const INPUT = {
  name: 'orders',
  owner: 'group:default/payments',
  description: 'Answers: "where is my order?" # not a comment\n- nor a list',
};

describe('genai:skeleton:fetch', () => {
  const workspace = createMockDirectory();
  const packed = createMockDirectory();
  const config = mockServices.rootConfig({
    data: { genaiEnvironments: { local: { dataDirectory: '/srv/genai' } } },
  });
  beforeEach(() => workspace.clear());

  async function run(input: object = {}, source?: string) {
    const { context, outputs } = createContext({
      input: { ...INPUT, ...input },
      workspacePath: workspace.path,
    });
    const action = createSkeletonFetchAction({ config, source });
    await action.handler(context as never);
    return outputs.files as string[];
  }
  const read = (path: string) =>
    readFileSync(join(workspace.path, path), 'utf8');

  it('writes a project that is filled in and valid', async () => {
    const files = await run();

    expect(files).toEqual(
      expect.arrayContaining([
        '.gitignore',
        '.github/workflows/ci.yaml',
        'README.md',
        'catalog-info.yaml',
        'package.json',
        'src/main.ts',
      ]),
    );
    for (const file of files) {
      expect(read(file)).not.toMatch(/\$\{\{\s*values\./);
    }
    const entity = parse(read('catalog-info.yaml'));
    expect(await componentEntityV1alpha1Validator.check(entity)).toBe(true);
    expect(entity).toMatchObject({
      kind: 'Component',
      metadata: {
        name: 'orders-app',
        description: INPUT.description,
        annotations: { 'genai-environments.io/environment': 'orders' },
      },
      spec: { owner: 'group:default/payments' },
    });
    expect(parse(read('mkdocs.yml')).site_description).toBe(INPUT.description);
    expect(JSON.parse(read('package.json')).main).toBe('src/main.ts');
    expect(read('README.md')).toContain(
      'file:///srv/genai/repositories/orders',
    );
    expect(read('.github/workflows/ci.yaml')).toContain('${{ github.');
  });

  it('brings no installed dependency or secret along', async () => {
    packed.setContent({
      'catalog-info.yaml': 'name: ${{ values.name }}',
      '.env': 'GENAI_CLIENT_SECRET=s3cr3t',
      node_modules: { a: { 'index.js': '' } },
      src: { node_modules: { b: { 'index.js': '' } }, 'main.ts': '1;' },
    });

    expect(await run({}, packed.path)).toEqual([
      'catalog-info.yaml',
      'src/main.ts',
    ]);
  });

  it('writes the same from the published package', async () => {
    const files = await run();
    const contents = files.map(read);
    workspace.clear();
    packed.clear();
    const target = packed.resolve('skeleton');

    execFileSync(process.execPath, ['scripts/skeleton.js', 'copy', target], {
      cwd: PACKAGE,
    });

    expect(readdirSync(target)).not.toContain('.gitignore');
    expect(await run({}, target)).toEqual(files);
    expect(files.map(read)).toEqual(contents);
    execFileSync(process.execPath, ['scripts/skeleton.js', 'remove', target], {
      cwd: PACKAGE,
    });
    expect(existsSync(target)).toBe(false);
  });

  it('writes into a folder of the workspace', async () => {
    await run({ targetPath: 'services/assistant' });

    expect(read('services/assistant/catalog-info.yaml')).toContain(
      'orders-app',
    );
  });

  it.each(['../elsewhere', '/tmp/elsewhere', 'a/../../elsewhere'])(
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
