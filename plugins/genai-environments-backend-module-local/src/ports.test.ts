import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, Server } from 'node:net';
import { join } from 'node:path';
import { useLocalWorld } from './testing/useLocalWorld';

// Processes are started, killed and started again.
jest.setTimeout(30_000);

describe('ports of local environments', () => {
  const { world, newDriver } = useLocalWorld();
  const servers: Server[] = [];

  afterEach(() => servers.splice(0).forEach(server => server.close()));

  async function occupy(port: number) {
    const server = createServer(socket => socket.destroy()).listen(
      port,
      '127.0.0.1',
    );
    servers.push(server);
    await once(server, 'listening');
  }

  it('takes another port when the first is taken before anybody knows it', async () => {
    const driver = newDriver();
    const prepared = await driver.step();
    await driver.step();
    process.kill(-world().launchedPidOf(driver.desired), 'SIGKILL');
    const port = world().portOf(driver.desired);
    expect(prepared.events[0].message).toContain(String(port));
    await driver.until(({ phase }) => phase === 'Degraded');
    await occupy(port);

    const { outcome, events } = await driver.untilSettled('Ready');
    expect(events.map(({ reason }) => reason)).toContain('PortChanged');
    expect(outcome.outputs.endpoint).not.toContain(String(port));
  });

  it('keeps its port for life, and says who is in the way when it is taken', async () => {
    const driver = newDriver();
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.outputs.runtime).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      source: 'bundled',
    });
    const port = world().portOf(driver.desired);
    process.kill(world().runtimePidOf(driver.desired), 'SIGKILL');
    await driver.until(({ phase }) => phase === 'Degraded');
    await occupy(port);

    const blocked = await driver.until(({ conditions }) =>
      conditions.some(({ reason }) => reason === 'PortTaken'),
    );
    expect(blocked.outcome.phase).toBe('Degraded');
    expect(blocked.outcome.conditions[0].nextAction).toContain(`:${port}`);
    await driver.step();
    expect(
      driver.outcomes
        .flatMap(({ events }) => events)
        .filter(({ reason }) => reason === 'PortTaken'),
    ).toHaveLength(1);

    await new Promise(resolve => servers.splice(0)[0].close(resolve));
    const back = await driver.untilSettled('Ready');
    expect(back.outcome.outputs).toEqual(outcome.outputs);
  });

  // The record was taken for one never written, and the runtime's own port for taken.
  it('keeps its port and its runtime when the record is removed while it runs', async () => {
    const driver = newDriver();
    const { outcome } = await driver.untilSettled('Ready');
    const pid = world().runtimePidOf(driver.desired);
    await rm(join(world().directoryOf(driver.desired), 'environment.json'));

    // At once, before the runtime looks for its right to run.
    const back = await driver.untilSettled('Ready');
    expect(back.outcome.outputs).toEqual(outcome.outputs);
    expect(world().runtimePidOf(driver.desired)).toBe(pid);
  });

  it('listens on the loopback interface only', async () => {
    const driver = newDriver({ app: true });
    await driver.untilSettled('Ready');
    const port = world().portOf(driver.desired);
    const pids = [
      world().runtimePidOf(driver.desired),
      ...world().appProcessesAt(port),
    ];
    expect(pids).toHaveLength(2);

    const addresses = pids.flatMap(listeningAddresses);
    expect(addresses).toHaveLength(2);
    expect(new Set(addresses)).toEqual(new Set(['0100007F']));
  });
});

/** Local addresses that a process listens on, as the kernel writes them. */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        const link = readlinkSync(`/proc/${pid}/fd/${fd}`);
        return /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap(file =>
    readFileSync(`/proc/${pid}/net/${file}`, 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === '0A' && inodes.has(fields[9]))
      .map(fields => fields[1].split(':')[0]),
  );
}
