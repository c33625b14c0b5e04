/** The operating system's processes, as far as environments are concerned. */
export interface ProcessTable {
  /**
   * Runtimes of the environment that are alive, however they came to be. Found by
   * {@link processMarker} on their command line, so an id that was given to another
   * program meanwhile is never among them. `hints` are ids worth a look where the
   * system cannot list command lines.
   */
  find(uid: string, hints: number[]): Promise<number[]>;

  /** Whether `pid` is a runtime of the environment that is alive. Cheap. */
  isRunning(pid: number, uid: string): Promise<boolean>;

  /**
   * Sends a signal to a runtime and everything it started. Silent when it is gone.
   */
  signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;

  /**
   * Ends what a runtime that is gone has left in its group. Does nothing when `pid`
   * belongs to another program meanwhile.
   */
  sweepGroup(pid: number): Promise<void>;
}

/** First word on the command line of an environment's runtime. */
export function processMarker(uid: string): string {
  return `genai-environment:${uid}`;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
