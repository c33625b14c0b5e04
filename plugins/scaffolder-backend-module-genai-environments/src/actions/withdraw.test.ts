import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiOptions, createContext } from '../__testUtils__/context';
import { FakeEnvironmentsBackend } from '../__testUtils__/FakeEnvironmentsBackend';
import { CREATE_INPUT } from '../__testUtils__/runCreate';
import { createEnvironmentCreateAction } from './create';
import { createRepositoryPublishAction } from './repositoryPublish';

const { owner } = CREATE_INPUT;

// A cancelled task left its repository behind when no environment came of it.
describe('a repository of which no environment came', () => {
  const backend = new FakeEnvironmentsBackend();
  const data = createMockDirectory();
  const workspace = createMockDirectory();
  const repositories = data.resolve('repositories');
  const repository = join(repositories, 'orders');

  beforeEach(async () => {
    backend.records.clear();
    backend.calls.length = 0;
    data.clear();
    workspace.setContent({ 'README.md': '# orders' });
    await backend.start();
  });
  afterEach(() => backend.stop());

  /** A task: its steps share id and signal. */
  function task(id: string, signal?: AbortSignal) {
    const options = {
      ...apiOptions(backend),
      config: mockServices.rootConfig({
        data: { genaiEnvironments: { local: { dataDirectory: data.path } } },
      }),
    };
    const log: string[] = [];
    const contextOf = (input: object) => {
      const created = createContext({
        input: input as never,
        workspacePath: workspace.path,
        task: { id },
        signal,
      });
      created.context.logger.info.mockImplementation((message: string) => {
        log.push(message);
      });
      return created.context as never;
    };
    return {
      log,
      publish: () =>
        createRepositoryPublishAction(options).handler(
          contextOf({ name: 'orders', owner }),
        ),
      create: (input: object = {}) =>
        createEnvironmentCreateAction(options).handler(
          contextOf({ ...CREATE_INPUT, ...input }),
        ),
    };
  }

  async function untilGone() {
    const deadline = Date.now() + 5_000;
    while (readdirSync(repositories).length > 0 && Date.now() < deadline) {
      await new Promise(resolve => setImmediate(resolve));
    }
    expect(readdirSync(repositories)).toEqual([]);
  }

  it('is taken back when the task is cancelled between its steps', async () => {
    const controller = new AbortController();
    const { publish, log } = task('task-1', controller.signal);
    await publish();
    expect(existsSync(repository)).toBe(true);

    controller.abort();
    await untilGone();
    await new Promise(resolve => setImmediate(resolve));
    expect(log).toContain(
      'Removed repository orders again: no environment came of it.',
    );
  });

  it('is taken back when the task is cancelled while it publishes', async () => {
    const controller = new AbortController();
    const { publish } = task('task-1', controller.signal);
    const published = publish();
    controller.abort();

    await expect(published).rejects.toThrow('The task was cancelled');
    await untilGone();
  });

  it('is taken back by a task that went on after a crash', async () => {
    await task('task-1').publish();
    const controller = new AbortController();
    controller.abort();

    await expect(task('task-1', controller.signal).create()).rejects.toThrow(
      'The task was cancelled',
    );
    await untilGone();
  });

  it('is taken back when the environment is refused', async () => {
    await task('task-1').publish();
    backend.refusals.push({
      on: 'POST /environments',
      status: 400,
      message: 'The quota is used up.',
    });
    await expect(task('task-1').create()).rejects.toThrow('quota');
    await untilGone();
  });

  it('stays with the environment of another task that won the name', async () => {
    const [winner, loser] = [task('task-1'), task('task-2')];
    await winner.publish();
    await loser.publish();
    await winner.create();

    await expect(loser.create()).rejects.toThrow('The name "orders" is taken.');
    expect(existsSync(repository)).toBe(true);
  });

  it('stays when the loser had made it', async () => {
    const [winner, loser] = [task('task-1'), task('task-2')];
    await loser.publish();
    await winner.publish();
    await winner.create();

    await expect(loser.create()).rejects.toThrow('The name "orders" is taken.');
    expect(existsSync(repository)).toBe(true);
  });

  it('stays for another task that is about to use it', async () => {
    const controller = new AbortController();
    const cancelled = task('task-1', controller.signal);
    await cancelled.publish();
    await task('task-2').publish();
    controller.abort();

    await expect(cancelled.create()).rejects.toThrow('was cancelled');
    await task('task-2').create();
    expect(existsSync(repository)).toBe(true);
  });

  it('stays when somebody has worked in it', async () => {
    await task('task-1').publish();
    writeFileSync(join(repository, 'notes.txt'), 'mine');
    backend.refusals.push({
      on: 'POST /environments',
      status: 403,
      message: 'No.',
    });
    await expect(task('task-1').create()).rejects.toThrow('No.');
    expect(readdirSync(repository)).toContain('notes.txt');
  });

  it('shows nobody who cloned it which task made it', async () => {
    await task('task-1').publish();
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: repository, encoding: 'utf8' });
    expect(git('status', '--porcelain', '--ignored')).toBe('');
    expect(git('ls-files')).toBe('README.md\n');
  });
});
