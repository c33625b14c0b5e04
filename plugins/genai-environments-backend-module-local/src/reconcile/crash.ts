import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { RuntimeExit } from '../runtime/RuntimeLauncher';
import { readLastLogLine } from '../runtime/runtimeLog';
import { degraded } from './outcome';
import { portTaken } from './start';
import { PreparedStep, supervise, warn } from './Step';

/** Exit code of a runtime whose port is taken (`EX_TEMPFAIL`). */
const EXIT_PORT_TAKEN = 75;

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;
/** From then on somebody should have a look. */
const MANY_CRASHES = 4;

/** The runtime ended although nobody asked for that. */
export async function recordCrash(
  step: PreparedStep,
): Promise<ReconcileOutcome> {
  const { dependencies, desired, supervision } = step;
  const pid = supervision.launch?.pid;
  const exit = dependencies.launcher.exitOf(desired.uid, pid);
  if (pid !== undefined) await dependencies.processes.sweepGroup(pid);
  if (exit?.code === EXIT_PORT_TAKEN) {
    await supervise(step, { launch: undefined });
    return portTaken(step);
  }
  return recordCrashCause(step, await describe(step, exit));
}

/** Notes why the runtime does not run, tells it, and when it is tried again. */
export async function recordCrashCause(
  step: PreparedStep,
  cause: string,
): Promise<ReconcileOutcome> {
  const { dependencies, supervision } = step;
  const count = (supervision.crashes?.count ?? 0) + 1;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (count - 1), MAX_DELAY_MS);
  const nextAction =
    count < MANY_CRASHES
      ? 'It is restarted by itself.'
      : `It ended ${count} times in a row and is restarted every ${
          delayMs / 1000
        } s. Ask the platform team to read runtime.log in the environment's directory on this machine, or tear the environment down and create it again.`;
  await supervise(step, {
    launch: undefined,
    crashes: {
      count,
      cause,
      nextAction,
      retryAt: dependencies.now() + delayMs,
      configHash: step.plan.configHash,
    },
    reported: 'RuntimeCrashed',
  });
  warn(step, 'RuntimeCrashed', `${cause} ${nextAction}`);
  return awaitRetry(step);
}

/** Degraded until it is time to try again. */
export async function awaitRetry(
  step: PreparedStep,
): Promise<ReconcileOutcome> {
  const crashes = step.supervision.crashes!;
  return degraded(step, {
    problem: {
      reason: 'RuntimeCrashed',
      message: crashes.cause,
      nextAction: crashes.nextAction,
    },
    requeueAfterMs: Math.max(0, crashes.retryAt - step.dependencies.now()),
    inForce: false,
  });
}

async function describe(
  { directory }: PreparedStep,
  exit: RuntimeExit | undefined,
): Promise<string> {
  let what = 'The runtime is gone; it ended while no backend watched it.';
  if (exit?.signal) what = `The runtime was ended by ${exit.signal}.`;
  else if (exit) what = `The runtime ended with exit code ${exit.code}.`;
  const line = await readLastLogLine(directory.logPath);
  return line === '' ? what : `${what} Its last words: ${line}`;
}
