import { ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort, isPortFree } from './ports';
import { COMMAND_LINES_BY_PS, PosixProcessTable } from './PosixProcessTable';
import { processMarker } from './ProcessTable';
import { stopRuntime } from './stopRuntime';

const children: ChildProcess[] = [];
const servers: Server[] = [];

afterEach(() => {
  for (const { pid } of children.splice(0)) {
    try {
      process.kill(-pid!, 'SIGKILL');
    } catch {
      // Ended by the test.
    }
  }
  servers.splice(0).forEach(server => server.close());
});

/** A process with the command line of a runtime that prints a line once it is up. */
async function startFakeRuntime(uid: string, source = ''): Promise<number> {
  const child = spawn(
    process.execPath,
    ['-e', `${source}; setInterval(() => {}, 1000); console.log('up');`],
    {
      argv0: processMarker(uid),
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  await once(child.stdout!, 'data');
  return child.pid!;
}

async function isGroupRunning(group: number): Promise<boolean> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pgid=,stat=']);
  return stdout
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .some(([pgid, state]) => Number(pgid) === group && !state.startsWith('Z'));
}

const gone = () => once(children[0], 'exit');

describe.each([
  ['the default of this system', new PosixProcessTable()],
  ['ps', new PosixProcessTable(COMMAND_LINES_BY_PS)],
])('PosixProcessTable by %s', (_name, table) => {
  it('finds the runtimes of an environment and no other', async () => {
    const uid = randomUUID();
    const pid = await startFakeRuntime(uid);
    await startFakeRuntime(randomUUID());

    await expect(table.find(uid)).resolves.toEqual([pid]);
    await expect(table.isRunning(pid, uid)).resolves.toBe(true);
    await expect(table.isRunning(pid, randomUUID())).resolves.toBe(false);
    await expect(table.isRunning(process.pid, uid)).resolves.toBe(false);
  });

  it('does not sweep a group whose id belongs to a living process', async () => {
    const pid = await startFakeRuntime(randomUUID());
    await table.sweepGroup(pid);
    expect(() => process.kill(pid, 0)).not.toThrow();
  });

  it('sweeps what a runtime that is gone has left', async () => {
    const pid = await startFakeRuntime(
      randomUUID(),
      `const { spawn } = require('child_process');
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);`,
    );
    process.kill(pid, 'SIGKILL');
    await gone();
    expect(() => process.kill(-pid, 0)).not.toThrow();
    // Nobody else waits for the orphan, so its remains count until they are collected.
    await table.sweepGroup(pid);
    while (await isGroupRunning(pid)) await delay(20);
  });
});

describe('stopRuntime', () => {
  const processes = new PosixProcessTable();

  it('ends one that ignores SIGTERM', async () => {
    const uid = randomUUID();
    const pid = await startFakeRuntime(uid, `process.on('SIGTERM', () => {})`);
    const exit = gone();
    await stopRuntime({ uid, pids: [pid], processes, drainMs: 100 });
    await expect(exit).resolves.toEqual([null, 'SIGKILL']);
  });

  it('sends no signal to a process that is not of the environment', async () => {
    const pid = await startFakeRuntime(randomUUID());
    const exit = gone();
    await stopRuntime({
      uid: randomUUID(),
      pids: [pid],
      processes,
      drainMs: 100,
    });
    // The first signal is what a process ends by, also when it takes a while to end.
    process.kill(pid, 'SIGINT');
    await expect(exit).resolves.toEqual([null, 'SIGINT']);
  });
});

describe('findFreePort', () => {
  it('gives the same port again, and another when it is taken', async () => {
    const seed = randomUUID();
    const first = await findFreePort({ seed, taken: new Set() });
    expect(first).toBeGreaterThanOrEqual(20_000);
    expect(first).toBeLessThan(32_000);
    expect(await findFreePort({ seed, taken: new Set() })).toBe(first);
    expect(await findFreePort({ seed, taken: new Set([first]) })).not.toBe(
      first,
    );

    const server = createServer().listen(first, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    expect(await isPortFree(first)).toBe(false);
    expect(await findFreePort({ seed, taken: new Set() })).not.toBe(first);
  });
});
