import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Cores: what is measured runs alone on one, everything that drives it on the other. */
export const SERVER_CORE = '0';
export const LOAD_CORE = '1';

/** Clock ticks per second of /proc; fixed for user space on Linux. */
const TICKS_PER_SECOND = 100;

/**
 * Starts Node with `arguments`, bound to one core when `core` is given. Its output is
 * kept, and shown when it ends unasked.
 */
export function startNode({ core, args, env = {}, cwd, ipc = false }) {
  const command = [process.execPath, ...args];
  const [file, ...rest] =
    core === undefined ? command : ['taskset', '-c', core, ...command];
  const child = spawn(file, rest, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  let output = '';
  const keep = chunk => {
    output = (output + chunk).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = once(child, 'exit').then(([code, signal]) => {
    if (!child.isStopping) child.unexpected = code ?? signal;
  });
  return {
    child,
    get pid() {
      return child.pid;
    },
    /** Throws when the process is gone though nobody stopped it. */
    assertRunning() {
      if (child.unexpected === undefined) return;
      throw new Error(
        `${args[0]} ended with ${child.unexpected}. Its last output:\n${output}`,
      );
    },
    async stop() {
      child.isStopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
        await exited;
        clearTimeout(hard);
      }
    },
  };
}

/** Resolves once something listens on `port`; looks every 2 ms. */
export async function untilListening(port, server, timeoutMs = 20_000) {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    server.assertRunning();
    if (await canConnect(port)) return;
    await delay(2);
  }
  throw new Error(`Nothing listens on port ${port} after ${timeoutMs} ms.`);
}

function canConnect(port) {
  return new Promise(resolve => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port of the loopback interface on which nothing listens just now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** CPU seconds that `pid` has used in all its threads, user and system. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in parentheses and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/**
 * Memory of `pid` in MB (10^6 bytes): `resident` is what it keeps in RAM, `own` the part
 * that it shares with no other process (Node's own code is shared by all that run it).
 */
export function memoryMB(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = field =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)[1]) *
      1024) /
    1e6;
  return { resident: read('VmRSS'), own: read('RssAnon') };
}
