import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isAlive, processMarker, ProcessTable } from './ProcessTable';

const run = promisify(execFile);

/**
 * Windows has no process groups: `taskkill /T` follows the tree instead. Only hinted
 * processes are found, because listing command lines takes seconds there.
 */
export class WindowsProcessTable implements ProcessTable {
  async find(uid: string, hints: number[]): Promise<number[]> {
    const found: number[] = [];
    for (const pid of hints) {
      if (await this.isRunning(pid, uid)) found.push(pid);
    }
    return found;
  }

  async isRunning(pid: number, uid: string): Promise<boolean> {
    if (!isAlive(pid)) return false;
    const command = await this.commandLine(pid);
    return command.replaceAll('"', '').startsWith(processMarker(uid));
  }

  async signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL') {
    // There is no polite way; the control route was tried before.
    if (signal === 'SIGTERM') return;
    await run('taskkill', ['/PID', String(pid), '/T', '/F']).catch(() => {});
  }

  async sweepGroup() {
    // A tree without its root cannot be found; the app ends with its runtime.
  }

  private async commandLine(pid: number): Promise<string> {
    try {
      const { stdout } = await run('powershell.exe', [
        '-NoProfile',
        '-Command',
        `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
      ]);
      return stdout.trim();
    } catch {
      return '';
    }
  }
}
