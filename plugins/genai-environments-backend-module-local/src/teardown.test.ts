import { mockServices } from '@backstage/backend-test-utils';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { LocalProvisioner } from './LocalProvisioner';
import { LocalWorld } from './testing/LocalWorld';
import { writeTestApp } from './testing/testApp';

jest.setTimeout(30_000);

describe('teardown and the local repository', () => {
  let world: LocalWorld;
  let provisioner: LocalProvisioner;
  let driver: ProvisionerDriver;
  let repository: string;

  beforeEach(async () => {
    world = await LocalWorld.create();
    provisioner = world.createProvisioner();
    driver = new ProvisionerDriver({
      desired: newEnvironment(
        { ...world.spec, services: [...world.spec.services, 'app'] },
        [newApplication('app', { kind: 'project-app' })],
      ),
      provisioner: () => provisioner,
    });
    repository = join(
      world.config.dataDirectory,
      'repositories',
      driver.desired.name,
    );
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  async function publish(owner: string) {
    await writeTestApp(repository);
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: repository, stdio: 'pipe' });
    git('init', '--quiet');
    git('config', '--local', 'genai-environments.owner', owner);
    git('add', '--all');
    git(
      ...['-c', 'user.name=Ada', '-c', 'user.email=ada@users.invalid'],
      ...['commit', '--quiet', '-m', 'Initial commit'],
    );
  }

  it('runs the app of the repository and removes it untouched', async () => {
    await publish(driver.desired.owner);
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.outputs.repositoryUrl).toBe(`file://${repository}`);
    const [pid] = world.appProcessesAt(
      Number(new URL(outcome.outputs.endpoint!).port),
    );
    expect(
      execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
        encoding: 'utf8',
      }),
    ).toContain(repository);

    driver.want({ deletionRequested: true });
    const { events } = await driver.untilSettled('Deleted');
    expect(events.map(({ reason }) => reason)).toEqual([
      'RuntimeStopped',
      'DataRemoved',
      'RepositoryRemoved',
    ]);
    expect(existsSync(repository)).toBe(false);
  });

  it('keeps a repository with work in it, and says so', async () => {
    await publish(driver.desired.owner);
    await driver.untilSettled('Ready');
    await writeFile(join(repository, 'work.txt'), 'mine');

    driver.want({ deletionRequested: true });
    const { events } = await driver.untilSettled('Deleted');
    expect(events.at(-1)).toMatchObject({
      type: 'Warning',
      reason: 'RepositoryKept',
    });
    expect(existsSync(join(repository, 'work.txt'))).toBe(true);
    await expect(world.findRemains(driver.desired)).resolves.toEqual([]);
  });

  it("neither runs nor removes another owner's repository of that name", async () => {
    await publish('group:default/somebody-else');
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.outputs.repositoryUrl).toBeUndefined();

    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');
    expect(existsSync(repository)).toBe(true);
  });

  it('ends a runtime that waits for a request which never ends', async () => {
    const { outcome } = await driver.untilSettled('Ready');
    // A request that never ends keeps the runtime from draining.
    const { hostname, port } = new URL(outcome.outputs.endpoint!);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(
      'POST /oauth2/token HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\ngrant',
    );
    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');
    await expect(world.findRemains(driver.desired)).resolves.toEqual([]);
  });

  it('stops early and changes nothing more when the lease is lost', async () => {
    const lost = new AbortController();
    lost.abort(new Error('taken over'));
    await expect(
      provisioner.reconcile(driver.desired, {
        logger: mockServices.logger.mock(),
        signal: lost.signal,
      }),
    ).rejects.toThrow('taken over');
    await expect(world.findRemains(driver.desired)).resolves.toEqual([]);
  });
});
