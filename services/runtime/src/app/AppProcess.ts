import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { APP_GUARD_URL } from './guard';

/** How a process ended. */
export type AppExit = { code: number | null; signal: NodeJS.Signals | null };

/** One run of the app. */
export class AppProcess {
  readonly startedAt = new Date();
  readonly port: number;
  /** Resolves when the process is gone, also when it could not be started. */
  readonly exited: Promise<AppExit>;
  private readonly child: ChildProcess;

  constructor(options: {
    entry: string;
    directory: string;
    environment: Record<string, string>;
    port: number;
    log: Writable;
  }) {
    const { entry, directory, environment, log } = options;
    this.port = options.port;
    this.child = spawn(process.execPath, ['--import', APP_GUARD_URL, entry], {
      cwd: directory,
      env: environment,
      // The channel carries no message; that it closes tells the app of our end.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    this.child.stdout?.pipe(log, { end: false });
    this.child.stderr?.pipe(log, { end: false });
    // Signalling a process that is already gone is no event of interest.
    this.child.on('error', () => {});
    this.exited = once(this.child, 'exit').then(
      ([code, signal]) => ({ code, signal }),
      () => ({ code: null, signal: null }),
    );
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to end and, when it does not within `graceMs`, ends it. */
  async stop(graceMs: number): Promise<AppExit> {
    this.child.kill('SIGTERM');
    const hard = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(hard);
    return exit;
  }
}
