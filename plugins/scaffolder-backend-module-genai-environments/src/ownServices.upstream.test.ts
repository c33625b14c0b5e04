import { createMockDirectory } from '@backstage/backend-test-utils';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createContext } from './__testUtils__/context';
import { createServicesFetchAction } from './actions/servicesFetch';

const PACKAGE = resolve(__dirname, '..');
const AUTHOR = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

// Hundreds of files are written, packed, unpacked and committed.
jest.setTimeout(120_000);

describe('services/upstream.mjs', () => {
  const project = createMockDirectory();
  const packed = createMockDirectory();
  const readme = () => project.resolve('services/kit/README.md');

  const run = (command: string, args: string[], cwd = project.path) =>
    execFileSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ...AUTHOR },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const commit = (message: string) => {
    run('git', ['add', '--all']);
    run('git', ['commit', '--quiet', '--message', message]);
  };
  const upstream = (archive: string) =>
    run(
      process.execPath,
      ['upstream.mjs', archive],
      join(project.path, 'services'),
    );

  /** A package with the source that the project began with, changed by `change`. */
  function pack(change: (services: string) => void): string {
    change(packed.resolve('dist-own-services/repository/services'));
    const manifest = { name: 'packed', version: '9.9.9' };
    writeFileSync(packed.resolve('package.json'), JSON.stringify(manifest));
    run('npm', ['pack', '--silent'], packed.path);
    return packed.resolve('packed-9.9.9.tgz');
  }

  beforeEach(async () => {
    packed.clear();
    project.clear();
    const target = packed.resolve('dist-own-services');
    execFileSync(process.execPath, ['scripts/ownServices.js', 'copy', target], {
      cwd: PACKAGE,
    });
    const { context } = createContext({
      input: { name: 'orders', owner: 'group:default/payments' },
      workspacePath: project.path,
    });
    const action = createServicesFetchAction({ packageDirectory: packed.path });
    await action.handler(context as never);
    run('git', ['init', '--quiet', '--initial-branch=main']);
    commit('Initial commit');
  });

  it('takes a version over and keeps what the project changed', () => {
    appendFileSync(project.resolve('services/runtime/README.md'), 'Ours.\n');
    commit('Change the runtime');
    const archive = pack(services => {
      appendFileSync(join(services, 'kit/README.md'), 'Theirs.\n');
      const file = join(services, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8'));
      writeFileSync(file, JSON.stringify({ ...manifest, version: '9.9.9' }));
    });

    upstream(archive);

    expect(readFileSync(readme(), 'utf8')).toMatch(/Theirs\.\n$/);
    expect(
      readFileSync(project.resolve('services/runtime/README.md'), 'utf8'),
    ).toMatch(/Ours\.\n$/);
    expect(
      readFileSync(project.resolve('services/README.md'), 'utf8'),
    ).toContain('# Services of orders');
    expect(run('git', ['status', '--porcelain'])).toBe('');
    expect(run('git', ['log', '--format=%s', 'services-upstream'])).toBe(
      'Services 9.9.9\nInitial commit\n',
    );
    // What nobody changed is as it was.
    expect(
      run('git', ['diff', '--name-only', 'HEAD~1', 'HEAD']).split('\n'),
    ).toEqual(['services/kit/README.md', 'services/package.json', '']);
    upstream(archive);
    expect(run('git', ['rev-list', '--count', 'services-upstream'])).toBe(
      '2\n',
    );
  });

  it('leaves it to git to ask where both changed', () => {
    writeFileSync(readme(), 'Ours.\n');
    commit('Change the kit');
    const archive = pack(services =>
      writeFileSync(join(services, 'kit/README.md'), 'Theirs.\n'),
    );

    expect(() => upstream(archive)).toThrow();

    expect(run('git', ['status', '--porcelain'])).toBe(
      'UU services/kit/README.md\n',
    );
    expect(run('git', ['worktree', 'list']).trim().split('\n')).toHaveLength(1);
  });

  it('changes nothing over work that is not committed', () => {
    writeFileSync(readme(), 'Ours.\n');
    expect(() => upstream('nothing.tgz')).toThrow(
      'Commit what you have changed first',
    );
    expect(run('git', ['branch', '--list'])).toBe('* main\n');
  });
});
