import {
  RUNTIME_NODE_OPTIONS,
  RUNTIME_NODE_VARIABLES,
} from '@genai-environments/runtime';
import { ChildProcess, spawn } from 'node:child_process';
import { processMarker } from '../process/ProcessTable';
import { openLog, rotateLog } from './runtimeLog';

/** How a runtime that this backend started has ended. */
export type RuntimeExit = {
  pid: number;
  code: number | null;
  signal: string | null;
};

export type LaunchOptions = {
  uid: string;
  entry: string;
  services: string[];
  directory: string;
  logPath: string;
  variables: Record<string, string>;
};

/**
 * Starts runtimes so that they outlive the backend, and remembers how those it started
 * have ended. Knows nothing of runtimes that an earlier backend started.
 */
export class RuntimeLauncher {
  private readonly exits = new Map<string, RuntimeExit>();
  private readonly children = new Map<string, ChildProcess>();
  private readonly onExit: (uid: string) => void;

  constructor(options: { onExit: (uid: string) => void }) {
    this.onExit = options.onExit;
  }

  /** @returns the process id; the runtime may still fail to start. */
  async launch(options: LaunchOptions): Promise<number> {
    const { uid, entry, services, directory, logPath, variables } = options;
    await rotateLog(logPath);
    const log = await openLog(logPath);
    try {
      const child = spawn(
        process.execPath,
        [...RUNTIME_NODE_OPTIONS, entry, '--services', services.join(',')],
        {
          argv0: processMarker(uid),
          cwd: directory,
          env: { ...RUNTIME_NODE_VARIABLES, ...variables },
          // A group of its own: it survives the backend and is ended as a whole.
          detached: true,
          windowsHide: true,
          // Straight into the file: a pipe would break with the backend.
          stdio: ['ignore', log.fd, log.fd],
        },
      );
      return await this.watch(uid, child);
    } finally {
      await log.close();
    }
  }

  /** How the process ended; `undefined` when it runs or somebody else started it. */
  exitOf(uid: string, pid: number | undefined): RuntimeExit | undefined {
    const exit = this.exits.get(uid);
    return exit && exit.pid === pid ? exit : undefined;
  }

  forget(uid: string): void {
    this.exits.delete(uid);
  }

  /** Leaves the runtimes alone and listens to them no longer. */
  close(): void {
    for (const child of this.children.values()) child.removeAllListeners();
    this.children.clear();
  }

  private watch(uid: string, child: ChildProcess): Promise<number> {
    child.unref();
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => {
        const pid = child.pid!;
        this.exits.delete(uid);
        this.children.set(uid, child);
        child.once('exit', (code, signal) => {
          if (this.children.get(uid) !== child) return;
          this.children.delete(uid);
          this.exits.set(uid, { pid, code, signal });
          this.onExit(uid);
        });
        resolve(pid);
      });
    });
  }
}
