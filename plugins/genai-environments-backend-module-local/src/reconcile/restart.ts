import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { stopRuntime } from '../process/stopRuntime';
import { working } from './outcome';
import { lastRestartOf } from './launchHash';
import { note, PreparedStep, supervise } from './Step';

/** Requests in flight get this long; a model may still be answering. */
const DRAIN_MS = 2500;

/**
 * Ends a runtime that is not what is wanted any more; the next look starts the right
 * one. That its end is wanted is on disk first, so it is never taken for a crash.
 */
export async function restart(
  step: PreparedStep,
  pids: number[],
): Promise<ReconcileOutcome> {
  const { dependencies, desired, supervision, control } = step;
  const launch = supervision.launch ?? {
    at: dependencies.now(),
    configHash: '',
  };
  if (!launch.stopping) {
    const isAskedFor = (lastRestartOf(desired.spec) ?? 0) > launch.at;
    note(
      step,
      'RuntimeRestarting',
      isAskedFor
        ? 'A restart was asked for; the runtime, with all services of the environment, is restarted.'
        : 'What the environment runs has changed; its runtime is restarted.',
    );
    await supervise(step, { launch: { ...launch, stopping: true } });
  }
  step.signal.throwIfAborted();
  await stopRuntime({
    uid: desired.uid,
    pids,
    processes: dependencies.processes,
    control,
    drainMs: DRAIN_MS,
  });
  await supervise(step, { launch: undefined, crashes: undefined });
  return working(step, { current: 'Starting the runtime' });
}
