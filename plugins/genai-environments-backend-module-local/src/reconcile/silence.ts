import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { setTimeout as delay } from 'node:timers/promises';
import { stopRuntime } from '../process/stopRuntime';
import { recordCrashCause } from './crash';
import { degraded, working } from './outcome';
import { settle } from './settle';
import { PreparedStep, supervise } from './Step';

/** A runtime that does not answer for this long is ended and started again. */
const HUNG_AFTER_MS = 15_000;
const HUNG_INTERVAL_MS = 1000;
/** How long one step waits for a runtime that starts, and how often it looks. */
const WAIT_MS = 600;
const POLL_MS = 15;

/** The runtime is alive and does not answer: it starts, or it hangs. */
export async function handleSilence(
  step: PreparedStep,
  pids: number[],
): Promise<ReconcileOutcome> {
  const { supervision, dependencies, desired } = step;
  const { now, processes } = dependencies;
  const launch = supervision.launch ?? { at: now(), configHash: '' };
  const hasAnswered = launch.readyAt !== undefined;
  const since = launch.silentSince ?? (hasAnswered ? now() : launch.at);

  if (now() - since > HUNG_AFTER_MS) {
    await stopRuntime({ uid: desired.uid, pids, processes, drainMs: 0 });
    return recordCrashCause(
      step,
      `The runtime did not answer for ${Math.round(
        (now() - since) / 1000,
      )} s and was ended.`,
    );
  }
  if (launch.silentSince === undefined || launch.pid === undefined) {
    await supervise(step, {
      launch: { ...launch, pid: launch.pid ?? pids[0], silentSince: since },
    });
  }
  if (hasAnswered) {
    return degraded(step, {
      problem: {
        reason: 'RuntimeSilent',
        message: 'The runtime is alive but does not answer.',
        nextAction: `It is restarted by itself if it stays silent for ${
          HUNG_AFTER_MS / 1000
        } s.`,
      },
      requeueAfterMs: HUNG_INTERVAL_MS,
      inForce: false,
    });
  }
  return awaitAnswer(step, pids);
}

/** Watches the start for a moment; ends early when it answers or dies. */
async function awaitAnswer(
  step: PreparedStep,
  pids: number[],
): Promise<ReconcileOutcome> {
  const { control, signal, dependencies, desired, directory } = step;
  const deadline = Date.now() + WAIT_MS;
  while (Date.now() < deadline) {
    await delay(POLL_MS, undefined, { signal });
    // Written once it listens: cheaper to ask for than a connection.
    const listens = (await directory.readRuntimePid()) !== undefined;
    const probe = listens ? await control.probe(signal) : undefined;
    if (
      probe?.kind === 'answered' &&
      probe.status.configHash === step.plan.configHash
    ) {
      return settle(step, probe.status);
    }
    const alive = await Promise.all(
      pids.map(pid => dependencies.processes.isRunning(pid, desired.uid)),
    );
    if (!alive.includes(true)) break;
  }
  return working(step, { current: 'Starting the runtime' });
}
