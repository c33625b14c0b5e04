import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectory } from '../files/DataDirectory';
import { LocalRepositories } from './LocalRepositories';

const project = { name: 'weather', owner: 'group:default/a' };

describe('LocalRepositories', () => {
  let root: string;
  let path: string;
  let repositories: LocalRepositories;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'genai-repositories-'));
    const dataDirectory = new DataDirectory(root);
    path = dataDirectory.repositoryPath(project.name);
    repositories = new LocalRepositories(dataDirectory);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'README.md'), '# Weather\n');
    await writeFile(join(path, '.gitignore'), 'node_modules/\n.env\n');
    git('init', '--quiet', '--initial-branch=main');
    git('config', '--local', 'genai-environments.owner', project.owner);
    git('add', '--all');
    commit('Initial commit');
  });

  afterEach(() => rm(root, { recursive: true }));

  function git(...args: string[]) {
    execFileSync('git', args, { cwd: path, stdio: 'pipe' });
  }

  function commit(message: string, ...args: string[]) {
    git(
      ...['-c', 'user.name=Ada', '-c', 'user.email=ada@users.invalid'],
      ...['commit', '--quiet', '--allow-empty', '-m', message, ...args],
    );
  }

  it('finds the repository of the owner it was published for, and of nobody else', async () => {
    await expect(repositories.find(project)).resolves.toBe(path);
    await expect(
      repositories.find({ ...project, owner: 'group:default/b' }),
    ).resolves.toBeUndefined();
    await expect(
      repositories.find({ ...project, name: 'nothing' }),
    ).resolves.toBeUndefined();
  });

  it('notices when the owner changes', async () => {
    await repositories.find(project);
    git('config', '--local', 'genai-environments.owner', 'group:default/other');
    await expect(repositories.find(project)).resolves.toBeUndefined();
  });

  it('removes one that nobody touched, with what tools have made in it', async () => {
    await mkdir(join(path, 'node_modules'));
    await writeFile(join(path, 'node_modules', 'x.js'), '');
    await expect(repositories.removeIfUntouched(project)).resolves.toEqual({
      kind: 'removed',
    });
    expect(readdirSync(join(root, 'repositories'))).toEqual([]);
    await expect(repositories.removeIfUntouched(project)).resolves.toEqual({
      kind: 'absent',
    });
  });

  it('finishes a removal that was interrupted', async () => {
    const doomed = join(root, 'repositories', '.removing-weather');
    await mkdir(doomed);
    await repositories.removeIfUntouched(project);
    expect(existsSync(doomed)).toBe(false);
  });

  it.each<[what: string, work: () => Promise<void> | void]>([
    ['a commit', () => commit('Work')],
    ['a commit that was amended', () => commit('Better', '--amend')],
    [
      'a commit on a branch that was left',
      () => {
        git('switch', '--quiet', '-c', 'idea');
        commit('Idea');
        git('switch', '--quiet', 'main');
      },
    ],
    [
      'a commit that was thrown away',
      () => {
        commit('Work');
        git('reset', '--quiet', '--hard', 'HEAD~1');
      },
    ],
    ['a changed file', () => writeFile(join(path, 'README.md'), 'Mine')],
    ['a new file', () => writeFile(join(path, 'new.txt'), 'Mine')],
    ['an ignored file of settings', () => writeFile(join(path, '.env'), 'A=1')],
    ['a deleted file', () => rm(join(path, 'README.md'))],
  ])('keeps one that has %s', async (_what, work) => {
    await work();
    await expect(repositories.removeIfUntouched(project)).resolves.toEqual({
      kind: 'kept',
      path,
    });
    expect(existsSync(join(path, '.git'))).toBe(true);
  });

  it("leaves another owner's alone", async () => {
    await expect(
      repositories.removeIfUntouched({ ...project, owner: 'user:default/eve' }),
    ).resolves.toEqual({ kind: 'absent' });
    expect(existsSync(join(path, '.git'))).toBe(true);
  });

  it('runs no program that the repository names', async () => {
    const trace = join(root, 'trace');
    git('config', '--local', 'core.fsmonitor', `touch ${trace}; false`);
    await repositories.removeIfUntouched(project);
    expect(existsSync(trace)).toBe(false);
  });
});
