import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { stopRuntime } from '../process/stopRuntime';
import { ControlClient } from '../runtime/ControlClient';
import { deleting } from './outcome';
import { note, Step, warn } from './Step';

/** Teardown is promised within two seconds; nobody waits for answers any more. */
const DRAIN_MS = 600;
const TOTAL_STEPS = 3;

/**
 * Looks what is left and takes it away: the process, the directory, the repository.
 * Nothing left is `Deleted`, wherever creation or an earlier teardown had got to.
 */
export async function tearDown(step: Step): Promise<ReconcileOutcome> {
  const { dependencies, desired, directory } = step;
  const { processes, launcher, ports } = dependencies;
  const { uid } = desired;

  const { launch } = await directory.readSupervision();
  const known = [launch?.pid, await directory.readRuntimePid()].filter(
    pid => pid !== undefined,
  );
  const pids = await processes.find(uid, known);
  if (pids.length > 0) {
    const control = await controlOf(step);
    await stopRuntime({ uid, pids, processes, control, drainMs: DRAIN_MS });
    note(step, 'RuntimeStopped', 'The runtime has ended and its port is free.');
    return deleting(step, 'Deleting', progress(1, 'Removing the data'));
  }
  for (const pid of known) await processes.sweepGroup(pid);

  if (await directory.exists()) {
    step.signal.throwIfAborted();
    await directory.remove();
    note(step, 'DataRemoved', 'The data directory was removed.');
    return deleting(step, 'Deleting', progress(2, 'Looking at the repository'));
  }
  launcher.forget(uid);
  ports.release(uid);
  step.signal.throwIfAborted();
  await removeRepository(step);
  return deleting(step, 'Deleted');
}

async function removeRepository(step: Step): Promise<void> {
  const { dependencies, desired } = step;
  const removal = await dependencies.repositories.removeIfUntouched(desired);
  if (removal.kind === 'removed') {
    note(
      step,
      'RepositoryRemoved',
      'The local repository was removed: nothing had been added to it.',
    );
  } else if (removal.kind === 'kept' && desired.status.phase !== 'Deleted') {
    warn(
      step,
      'RepositoryKept',
      `The local repository ${removal.path} has work in it and was kept. Remove it yourself when it is not needed.`,
    );
  }
}

/** Without record and key there is nobody who could be asked. */
async function controlOf({ directory, desired, dependencies }: Step) {
  const record = await directory.readRecord();
  const key = await directory.readControlKey();
  if (!record || !key) return undefined;
  const { port } = record;
  const { agent } = dependencies;
  return new ControlClient({ port, uid: desired.uid, key, agent });
}

function progress(completedSteps: number, currentStep: string) {
  return { completedSteps, totalSteps: TOTAL_STEPS, currentStep };
}
