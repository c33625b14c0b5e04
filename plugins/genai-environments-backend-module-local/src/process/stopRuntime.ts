import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '../runtime/ControlClient';
import type { ProcessTable } from './ProcessTable';

const POLL_MS = 15;
const TERMINATE_MS = 300;
const KILL_MS = 600;

/** A process does not end. */
export class RuntimeStillRunsError extends Error {
  override readonly name = 'RuntimeStillRunsError';
  readonly code = 'RUNTIME_STILL_RUNS';
}

/**
 * Ends the runtimes of an environment and all they started: by asking, then by SIGTERM,
 * then by SIGKILL to the group. Each process is known to be a runtime of the environment
 * right before it gets a signal.
 *
 * @throws RuntimeStillRunsError
 */
export async function stopRuntime(options: {
  uid: string;
  pids: number[];
  processes: ProcessTable;
  /** Absent: nobody that could be asked. */
  control?: ControlClient;
  /** How long requests in flight may take to end. */
  drainMs: number;
}): Promise<void> {
  const { uid, processes, control, drainMs } = options;
  let { pids } = options;
  const stillRunning = async () => {
    const alive = await Promise.all(
      pids.map(pid => processes.isRunning(pid, uid)),
    );
    return pids.filter((_, index) => alive[index]);
  };
  const settle = async (timeoutMs: number) => {
    const deadline = Date.now() + timeoutMs;
    pids = await stillRunning();
    while (pids.length > 0 && Date.now() < deadline) {
      await delay(POLL_MS);
      pids = await stillRunning();
    }
  };
  const signalAll = async (signal: 'SIGTERM' | 'SIGKILL') => {
    pids = await stillRunning();
    for (const pid of pids) await processes.signalGroup(pid, signal);
  };

  if (control && (await control.shutdown())) await settle(drainMs);
  if (pids.length > 0) {
    await signalAll('SIGTERM');
    await settle(TERMINATE_MS);
  }
  if (pids.length > 0) {
    await signalAll('SIGKILL');
    await settle(KILL_MS);
  }
  for (const pid of options.pids) await processes.sweepGroup(pid);
  if (pids.length > 0) {
    throw new RuntimeStillRunsError(
      `Process ${pids.join(', ')} of the environment does not end.`,
    );
  }
}
