import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode } from '../files/atomicFile';
import { isAlive, processMarker, ProcessTable } from './ProcessTable';

const run = promisify(execFile);

/** How one kind of system tells what runs. The remains of a process have no command. */
type CommandLines = {
  list(): Promise<Array<{ pid: number; command: string }>>;
  of(pid: number): Promise<string>;
};

const PROC: CommandLines = {
  async list() {
    const entries = await readdir('/proc');
    return Promise.all(
      entries
        .filter(entry => /^\d+$/.test(entry))
        .map(Number)
        .map(async pid => ({ pid, command: await PROC.of(pid) })),
    );
  },
  async of(pid) {
    // It may have ended meanwhile.
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.replaceAll('\0', ' ').trim();
  },
};

const PS: CommandLines = {
  list: () => ps('-ax'),
  async of(pid) {
    // Exits with 1 when there is no such process.
    const [found] = await ps('-p', String(pid)).catch(() => []);
    return found?.command ?? '';
  },
};

async function ps(...selection: string[]) {
  const { stdout } = await run(
    'ps',
    ['-ww', ...selection, '-o', 'pid=,stat=,command='],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return stdout.split('\n').flatMap(line => {
    const match = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!match) return [];
    const [, pid, state, command] = match;
    return [
      { pid: Number(pid), command: state.startsWith('Z') ? '' : command },
    ];
  });
}

/** Command lines by the `ps` program; for systems without `/proc`. */
export const COMMAND_LINES_BY_PS = PS;

/** Linux, macOS and other systems with process groups. */
export class PosixProcessTable implements ProcessTable {
  private readonly commands: CommandLines;

  constructor(
    commands: CommandLines = existsSync('/proc/self/cmdline') ? PROC : PS,
  ) {
    this.commands = commands;
  }

  async find(uid: string): Promise<number[]> {
    return (await this.commands.list())
      .filter(({ command }) => isRuntimeOf(uid, command))
      .map(({ pid }) => pid);
  }

  async isRunning(pid: number, uid: string): Promise<boolean> {
    return isAlive(pid) && isRuntimeOf(uid, await this.commands.of(pid));
  }

  async signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL') {
    kill(-pid, signal);
  }

  async sweepGroup(pid: number) {
    // An id is not given out again while a group has its number, so a living process
    // with this id means that the group is empty, or not ours.
    if (isAlive(pid) && (await this.commands.of(pid)) !== '') return;
    kill(-pid, 'SIGKILL');
  }
}

function isRuntimeOf(uid: string, command: string): boolean {
  return command.split(' ', 1)[0] === processMarker(uid);
}

function kill(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // EPERM: macOS answers so for a group of which only remains are left.
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}
