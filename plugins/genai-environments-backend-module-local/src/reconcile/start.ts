import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { isPortFree } from '../process/ports';
import { placeApp } from '../repository/BundledApp';
import { degraded, working } from './outcome';
import { movePort } from './prepare';
import { note, PreparedStep, supervise } from './Step';

const OBSTACLE_RETRY_MS = 5000;
const PORT_RETRY_MS = 5000;

/**
 * Starts the runtime. Nobody else runs: the caller has looked. The intention is on disk
 * before the process exists, and its id right after.
 */
export async function start(step: PreparedStep): Promise<ReconcileOutcome> {
  const { dependencies, desired, directory, plan, record } = step;
  const { launcher, bundle, now } = dependencies;
  if (plan.obstacle) {
    return degraded(step, {
      problem: plan.obstacle,
      requeueAfterMs: OBSTACLE_RETRY_MS,
      inForce: false,
    });
  }
  if (!(await isPortFree(record.port))) return portTaken(step);

  if (plan.app?.snapshot) await placeApp(plan.app.snapshot, directory);
  await directory.removeRuntimeFile();
  step.signal.throwIfAborted();
  const launch = { at: now(), configHash: plan.configHash };
  await supervise(step, { launch });
  launcher.forget(desired.uid);
  const pid = await launcher.launch({
    uid: desired.uid,
    entry: bundle.entry(),
    services: plan.services,
    directory: directory.path,
    logPath: directory.logPath,
    variables: plan.variables,
  });
  await supervise(step, { launch: { ...launch, pid } });
  note(step, 'RuntimeStarted', `The runtime was started as process ${pid}.`);
  return working(step, { current: 'Starting the runtime' });
}

/** Another program listens where the environment should. */
export async function portTaken(step: PreparedStep): Promise<ReconcileOutcome> {
  if (step.supervision.firstReadyAt === undefined) return movePort(step);
  const { port } = step.record;
  return degraded(step, {
    problem: {
      reason: 'PortTaken',
      message: `Port ${port}, the address of this environment, is used by another program.`,
      nextAction: `Stop the program that listens on 127.0.0.1:${port} (find it with "lsof -i :${port}"); the environment starts by itself then.`,
    },
    requeueAfterMs: PORT_RETRY_MS,
    inForce: false,
  });
}
