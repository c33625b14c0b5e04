import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiOptions, createContext } from '../__testUtils__/context';
import { createRepositoryPublishAction } from './repositoryPublish';

const OWNER = 'group:default/payments';
const ADA = {
  ref: 'user:default/ada',
  entity: {
    apiVersion: 'backstage.io/v1alpha1' as const,
    kind: 'User' as const,
    metadata: { name: 'ada' },
    spec: { profile: { displayName: 'Ada', email: 'ada@example.com' } },
  },
};

describe('genai:repository:publish', () => {
  const data = createMockDirectory();
  const workspace = createMockDirectory();
  const repository = data.resolve('repositories/orders');

  beforeEach(() => {
    data.clear();
    workspace.setContent({
      'README.md': '# orders',
      '.gitignore': 'node_modules/\n',
      src: { 'main.ts': '1;' },
      node_modules: { a: { 'index.js': '' } },
    });
  });

  async function run(
    input: object = {},
    user: object = ADA,
    taskId = 'task-1',
  ) {
    const { context, log, outputs } = createContext({
      input: { name: 'orders', owner: OWNER, ...input },
      workspacePath: workspace.path,
      user: user as never,
      task: { id: taskId },
    });
    const action = createRepositoryPublishAction({
      ...apiOptions({ baseUrl: 'http://127.0.0.1:9' }),
      config: mockServices.rootConfig({
        data: { genaiEnvironments: { local: { dataDirectory: data.path } } },
      }),
    });
    await action.handler(context as never);
    return { log, outputs };
  }
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();

  it('publishes one commit by the initiator', async () => {
    const { outputs } = await run();

    const url = pathToFileURL(repository).href;
    expect(outputs).toEqual({
      remoteUrl: url,
      repoContentsUrl: url,
      created: true,
    });
    expect(git('log', '--format=%an <%ae> %s', '--all')).toBe(
      'Ada <ada@example.com> Initial commit',
    );
    expect(git('ls-files').split('\n')).toEqual([
      '.gitignore',
      'README.md',
      'src/main.ts',
    ]);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('branch', '--show-current')).toBe('main');
    expect(readdirSync(data.resolve('repositories'))).toEqual(['orders']);

    const clone = data.resolve('clone');
    execFileSync('git', ['clone', '--quiet', url, clone]);
    expect(readdirSync(clone)).toContain('README.md');
  });

  it('needs no name or mail of the initiator', async () => {
    await run({}, { ref: 'user:default/guest' });

    expect(git('log', '--format=%an <%ae>')).toBe(
      'guest <guest@users.invalid>',
    );
  });

  it('ignores the settings and hooks of the account it runs under', async () => {
    const home = createHome();
    const before = { ...process.env };
    Object.assign(process.env, { HOME: home, GIT_DIR: '/nowhere' });
    try {
      await run();
    } finally {
      process.env = before;
    }
    expect(git('log', '--format=%an')).toBe('Ada');
  });

  function createHome(): string {
    data.addContent({
      home: {
        '.gitconfig':
          '[user]\n name = Mallory\n[commit]\n gpgsign = true\n[core]\n hooksPath = /nowhere\n',
      },
    });
    return data.resolve('home');
  }

  it('uses what an earlier run of the task published', async () => {
    await run();
    const commit = git('rev-parse', 'HEAD');
    const { log, outputs } = await run();

    expect(git('rev-parse', 'HEAD')).toBe(commit);
    expect(outputs.created).toBe(false);
    expect(log).toEqual(['Repository orders was published before; using it.']);
  });

  it('keeps what the owner made of a repository since', async () => {
    await run();
    writeFileSync(join(repository, 'README.md'), '# ours');
    git(
      '-c',
      'user.name=Ada',
      '-c',
      'user.email=a@b.c',
      'commit',
      '-qam',
      'Ours',
    );
    workspace.addContent({ 'README.md': '# a newer skeleton' });

    const { log } = await run();

    expect(git('show', 'HEAD:README.md')).toBe('# ours');
    expect(log[0]).toContain('is kept from an earlier environment');
    expect(log[0]).toContain('not written over it');
  });

  it('hands no repository to another owner', async () => {
    await run();

    await expect(run({ owner: 'group:default/returns' })).rejects.toThrow(
      'There is a repository orders of group:default/payments from an earlier environment. Choose another name.',
    );
    expect(git('log', '--format=%s')).toBe('Initial commit');
  });

  it('touches no directory that it did not make', async () => {
    data.addContent({ repositories: { orders: { 'thesis.txt': 'mine' } } });

    await expect(run()).rejects.toThrow('was not published from here');
    expect(readdirSync(repository)).toEqual(['thesis.txt']);
  });

  it('publishes once when two tasks do it at the same moment', async () => {
    const results = await Promise.all(
      ['task-1', 'task-2', 'task-3'].map(id => run({}, ADA, id)),
    );

    expect(results.map(r => r.outputs.created).sort()).toEqual([
      false,
      false,
      true,
    ]);
    expect(git('log', '--format=%s')).toBe('Initial commit');
    expect(readdirSync(data.resolve('repositories'))).toEqual(['orders']);
  });

  it('leaves nothing behind when it fails', async () => {
    workspace.setContent({ node_modules: {} });

    await expect(run()).rejects.toThrow('There are no files to publish.');
    expect(readdirSync(data.resolve('repositories'))).toEqual([]);
  });

  it('clears what a killed backend left', async () => {
    data.addContent({
      repositories: {
        '.publishing-old': { a: '' },
        '.publishing-task-1': { '.git': { b: '' } },
      },
    });
    const hours = (n: number) => new Date(Date.now() - n * 3_600_000);
    const stale = data.resolve('repositories/.publishing-old');
    utimesSync(stale, hours(2), hours(2));

    await run();

    expect(readdirSync(data.resolve('repositories'))).toEqual(['orders']);
    expect(git('ls-files').split('\n')).toHaveLength(3);
  });

  it.each(['../orders', 'a/b', '.publishing-x', ''])(
    'refuses the name %p',
    async name => {
      await expect(run({ name })).rejects.toThrow('cannot be the name');
      expect(existsSync(data.resolve('orders'))).toBe(false);
    },
  );

  it('publishes nothing from outside of the workspace', async () => {
    await expect(run({ sourcePath: '../..' })).rejects.toThrow(
      'not allowed to refer to a directory outside',
    );
  });
});
