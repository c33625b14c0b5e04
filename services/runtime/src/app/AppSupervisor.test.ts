import { join } from 'node:path';
import { createLogger, openDatabase } from '@genai-environments/service-kit';
import { ApplicationRegistry } from '../applications';
import { projectApp } from '../testing/applications';
import {
  makeAppDirectory,
  makeDirectory,
  removeDirectories,
} from '../testing/directories';
import { TEST_APP } from '../testing/testApp';
import { isAlive, until } from '../testing/until';
import { AppSupervisor, SupervisorTiming } from './AppSupervisor';
import { BoundedLog } from './BoundedLog';

describe('AppSupervisor', () => {
  const cleanUp: Array<() => Promise<void> | void> = [];

  afterEach(async () => {
    for (const step of cleanUp.splice(0)) await step();
    await removeDirectories();
  });

  async function supervise(
    directory: string,
    timing: Partial<SupervisorTiming> = {},
  ) {
    const database = openDatabase({
      path: ':memory:',
      migrations: ApplicationRegistry.migrations,
    });
    const registry = new ApplicationRegistry({ database });
    registry.put({ ...projectApp, clientId: 'project' });
    const lines: string[] = [];
    const supervisor = new AppSupervisor({
      directory,
      registry,
      timing,
      log: new BoundedLog({ path: join(await makeDirectory(), 'app.log') }),
      logger: createLogger({
        destination: { write: line => lines.push(line) },
      }),
      environment: {
        inherited: process.env,
        environmentName: 'demo',
        publicUrl: 'http://127.0.0.1:1',
        tokenUrl: 'http://127.0.0.1:1/oauth2/token',
      },
    });
    cleanUp.push(
      () => supervisor.stop(),
      () => database.close(),
    );
    supervisor.start();
    const waits = () =>
      lines
        .map(line => JSON.parse(line) as { waitMs?: number })
        .flatMap(({ waitMs }) => (waitMs === undefined ? [] : [waitMs]));
    return { supervisor, waits };
  }

  it('waits longer before each restart, up to a limit', async () => {
    const { waits } = await supervise(
      await makeAppDirectory('process.exit(1)'),
      {
        restartDelay: 10,
        maxRestartDelay: 40,
      },
    );
    await until(() => waits().length >= 4);
    expect(waits().slice(0, 4)).toEqual([10, 20, 40, 40]);
  });

  it('begins with the first delay again after the app has worked for a while', async () => {
    const { waits } = await supervise(
      await makeAppDirectory('process.exit(1)'),
      {
        restartDelay: 10,
        stableAfter: -1,
      },
    );
    await until(() => waits().length >= 3);
    expect(waits().slice(0, 3)).toEqual([10, 10, 10]);
  });

  it('starts an app again that does not answer any more', async () => {
    const { supervisor } = await supervise(await makeAppDirectory(TEST_APP), {
      restartDelay: 10,
      healthInterval: 20,
      hungAfter: 300,
    });
    const port = await until(() => supervisor.port);
    const { pid } = supervisor;
    await fetch(`http://127.0.0.1:${port}/app/break`);
    await until(() => supervisor.status.health === 'unhealthy');
    await until(() => supervisor.pid !== pid && supervisor.port);
    expect(isAlive(pid!)).toBe(false);
  });

  it('does not start the app again once it is retired', async () => {
    const { supervisor } = await supervise(await makeAppDirectory(TEST_APP), {
      restartDelay: 1,
    });
    await until(() => supervisor.port);
    supervisor.retire();
    const pid = supervisor.pid!;
    process.kill(pid, 'SIGTERM');
    await until(() => supervisor.pid === undefined);
    await supervisor.stop();
    expect(supervisor.pid).toBeUndefined();
  });

  it('ends an app that ignores SIGTERM', async () => {
    const { supervisor } = await supervise(
      await makeAppDirectory(`process.on('SIGTERM', () => {});${TEST_APP}`),
      { stopGrace: 100 },
    );
    await until(() => supervisor.port);
    const pid = supervisor.pid!;
    await supervisor.stop();
    expect(isAlive(pid)).toBe(false);
    expect(supervisor.status).toEqual({ health: 'stopped' });
  });

  it.each([
    ['no package.json', {}, 'package.json is missing'],
    ['no main', { 'package.json': '{}' }, 'has no "main"'],
    [
      'a main outside',
      { 'package.json': '{"main":"../x.js"}' },
      'points outside its directory',
    ],
  ])('says so when there is %s', async (_what, files, message) => {
    const { supervisor } = await supervise(
      await makeDirectory(files as Record<string, string>),
    );
    await until(() => supervisor.status.health === 'unhealthy');
    expect(supervisor.status.message).toContain(message);
  });
});
