/**
 * The scaffolder task behind *Create Environment*: cancelled, repeated, interrupted.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { after, afterEach, before, describe, it } from 'node:test';
import { buildAll } from './support/build';
import {
  DELETED_TIMEOUT_MS,
  requestFor,
  revealSecret,
  runtimesOf,
  untilNoProcesses,
} from './support/environment';
import { filesBelow } from './support/leftovers';
import { Portal } from './support/portal';
import { Session } from './support/session';
import { cancelTask, startTask, taskEnd, taskLog } from './support/tasks';
import { ADA } from './support/users';
import { waitFor } from './support/waitFor';

const run = promisify(execFile);

describe('the task that creates an environment', () => {
  let portal: Portal;
  let ada: Session;

  before(async () => {
    await buildAll();
    portal = await Portal.create({ name: 'task' });
    ada = await Session.signIn(portal, ADA);
  });

  after(() => portal?.dispose());

  afterEach(async () => {
    const { items } = await ada.environments.listEnvironments({ limit: 200 });
    for (const { name } of items) {
      await ada.environments.deleteEnvironment(name);
      await ada.untilPhase(name, ['Deleted'], {
        timeoutMs: DELETED_TIMEOUT_MS,
      });
    }
    await untilNoProcesses(portal);
    assert.deepEqual(
      filesBelow(`${portal.directory}/environments`).filter(file =>
        file.includes('task-'),
      ),
      [],
    );
  });

  async function values(name: string) {
    const { owner, tier, models, services } = await requestFor(ada, name);
    return { name, owner, tier, models, services, publishTo: 'local' };
  }

  function untilRecorded(name: string) {
    return waitFor({
      what: `${name} to be recorded`,
      timeoutMs: 30_000,
      ask: async () => {
        const { items } = await ada.environments.listEnvironments();
        return items.some(item => item.name === name);
      },
    });
  }

  it('ends with a running environment and tells no secret', async () => {
    const id = await startTask(ada, await values('task-plain'));
    const end = await taskEnd(ada, id);
    const log = await taskLog(ada, id);
    assert.equal(end, 'completed', log);

    const environment = await ada.environments.getEnvironment('task-plain');
    assert.equal(environment.status.phase, 'Ready');
    const { clientSecret } = await revealSecret(ada, 'task-plain');
    const task = await ada.json(`/api/scaffolder/v2/tasks/${id}`);
    assert.ok(!JSON.stringify(task).includes(clientSecret));
    assert.ok(!log.includes(clientSecret));
  });

  it('puts the source of the services into the repository when asked to', async () => {
    const chosen = await values('task-own');
    const id = await startTask(ada, { ...chosen, ownServices: true });
    assert.equal(await taskEnd(ada, id), 'completed', await taskLog(ada, id));

    const repository = `${portal.directory}/environments/repositories/task-own`;
    const git = (...args: string[]) => run('git', ['-C', repository, ...args]);
    assert.equal((await git('status', '--porcelain')).stdout, '');
    const { stdout } = await git('ls-files');
    const files = stdout.split('\n');
    for (const file of [
      '.github/workflows/services.yaml',
      'package.json',
      'services/.gitignore',
      'services/package-lock.json',
      'services/runtime/Dockerfile',
      'services/runtime/src/main.ts',
    ]) {
      assert.ok(files.includes(file), file);
    }
    // Fails when the lock file does not fit the manifests.
    await run('npm', ['ls', '--all', '--package-lock-only'], {
      cwd: join(repository, 'services'),
      maxBuffer: 1e8,
    });
    const { status } = await ada.environments.getEnvironment('task-own');
    assert.equal(status.outputs.runtime?.source, 'bundled');
  });

  it('leaves nothing when it is cancelled while provisioning, and can be started again', async () => {
    const cancelled = await startTask(ada, await values('task-again'));
    await untilRecorded('task-again');
    await cancelTask(ada, cancelled);
    assert.notEqual(await taskEnd(ada, cancelled), 'completed');
    assert.match(await taskLog(ada, cancelled), /was cancelled/);
    await ada.untilPhase('task-again', ['Deleted'], {
      timeoutMs: DELETED_TIMEOUT_MS,
    });
    await untilNoProcesses(portal);
    assert.deepEqual(runtimesOf(portal), []);

    const second = await startTask(ada, await values('task-again'));
    assert.equal(
      await taskEnd(ada, second),
      'completed',
      await taskLog(ada, second),
    );
    assert.equal(runtimesOf(portal).length, 1);
  });

  for (const moment of [0, 300, 600, 900]) {
    it(`leaves nothing when it is cancelled ${moment} ms after its start`, async () => {
      const name = `task-early-${moment}`;
      const id = await startTask(ada, await values(name));
      await delay(moment);
      await cancelTask(ada, id);
      // The scaffolder hears of it within a second: a quick task may be done by then.
      if ((await taskEnd(ada, id)) === 'completed') return;
      await waitFor({
        what: 'every file of the environment and its repository to be gone',
        timeoutMs: 10_000,
        ask: () =>
          !filesBelow(`${portal.directory}/environments`).some(file =>
            file.includes(name),
          ),
      });
      assert.deepEqual(runtimesOf(portal), []);
      assert.equal(await ada.hasEntity('resource', name), false);
    });
  }

  it('lets one of two tasks with one name win, and the loser takes nothing of it', async () => {
    const task = await values('task-race');
    const ids = await Promise.all([startTask(ada, task), startTask(ada, task)]);
    const ends = await Promise.all(ids.map(id => taskEnd(ada, id)));
    assert.deepEqual([...ends].sort(), ['completed', 'failed']);
    assert.match(await taskLog(ada, ids[ends.indexOf('failed')]), /task-race/);

    const { items } = await ada.environments.listEnvironments();
    assert.deepEqual(
      items.map(({ name, status }) => [name, status.phase]),
      [['task-race', 'Ready']],
    );
    assert.equal(runtimesOf(portal).length, 1);
    const files = filesBelow(`${portal.directory}/environments/repositories`);
    assert.ok(files.includes('task-race/package.json'), files.join());
  });

  it('is refused when another task has the name, and leaves that environment alone', async () => {
    const first = await startTask(ada, await values('task-taken'));
    assert.equal(await taskEnd(ada, first), 'completed');
    const { uid } = await ada.environments.getEnvironment('task-taken');

    const second = await startTask(ada, await values('task-taken'));
    assert.equal(await taskEnd(ada, second), 'failed');
    assert.match(await taskLog(ada, second), /task-taken/);
    const environment = await ada.environments.getEnvironment('task-taken');
    assert.equal(environment.uid, uid);
    assert.equal(environment.status.phase, 'Ready');
  });

  it('goes on after the portal was killed in the middle of it, once', async () => {
    const id = await startTask(ada, await values('task-killed'));
    await untilRecorded('task-killed');
    await portal.kill();
    await portal.start();

    await ada.untilPhase('task-killed', ['Ready'], { timeoutMs: 45_000 });
    assert.equal(runtimesOf(portal).length, 1);
    const { items } = await ada.environments.listEnvironments();
    assert.equal(items.length, 1);
    // The environment does not need the task; the task must not undo it either.
    const { status } = await ada.json<{ status: string }>(
      `/api/scaffolder/v2/tasks/${id}`,
    );
    assert.notEqual(status, 'cancelled');
  });
});
