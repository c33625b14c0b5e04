import { ConflictError } from '@backstage/errors';
import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { ControlClient } from '../runtime/ControlClient';
import { awaitRetry, recordCrash } from './crash';
import { planLaunch } from './planLaunch';
import { prepare } from './prepare';
import { restart } from './restart';
import { settle } from './settle';
import { handleSilence } from './silence';
import { start } from './start';
import { PreparedStep, Step, supervise } from './Step';

/** Looks, and takes one step toward an environment that is Ready. */
export async function converge(step: Step): Promise<ReconcileOutcome> {
  const prepared = await look(step);
  if (!prepared) return prepare(step);

  const { control, plan, signal } = prepared;
  const probe = await control.probe(signal);
  if (probe.kind === 'answered') {
    const { status } = probe;
    // Without a bundle nothing could be started again.
    const isOutdated = !plan.obstacle && status.configHash !== plan.configHash;
    if (isOutdated || prepared.supervision.launch?.stopping) {
      return restart(prepared, await findRuntimes(prepared, [status.pid]));
    }
    return settle(prepared, status);
  }
  signal.throwIfAborted();

  const pids = await findRuntimes(prepared);
  const { launch, crashes } = prepared.supervision;
  if (pids.length > 0) {
    return launch?.stopping
      ? restart(prepared, pids)
      : handleSilence(prepared, pids);
  }
  if (launch && !launch.stopping && launch.pid !== undefined) {
    return recordCrash(prepared);
  }
  if (launch) {
    // It was stopped on purpose, or an earlier backend died before it could start it.
    await supervise(prepared, { launch: undefined });
  }
  if (crashes && crashes.configHash !== plan.configHash) {
    await supervise(prepared, { crashes: undefined });
  } else if (crashes && crashes.retryAt > step.dependencies.now()) {
    return awaitRetry(prepared);
  }
  return start(prepared);
}

/** `undefined` when the environment has to be prepared first. */
async function look(step: Step): Promise<PreparedStep | undefined> {
  const { directory, desired, dependencies } = step;
  const [record, key] = await Promise.all([
    directory.readRecord(),
    directory.readControlKey(),
  ]);
  if (record && record.uid !== desired.uid) {
    throw new ConflictError(
      `The directory ${directory.path} belongs to another environment. Move it away.`,
    );
  }
  if (!record || !key) return undefined;
  return {
    ...step,
    record,
    supervision: await directory.readSupervision(),
    plan: await planLaunch(step, record, key),
    control: new ControlClient({
      port: record.port,
      uid: desired.uid,
      key,
      agent: dependencies.agent,
    }),
  };
}

/** Runtimes of the environment that are alive, whoever started them. */
async function findRuntimes(
  step: PreparedStep,
  hints: number[] = [],
): Promise<number[]> {
  const { launch } = step.supervision;
  const listening = await step.directory.readRuntimePid();
  const known = [...hints, launch?.pid, listening];
  return step.dependencies.processes.find(
    step.desired.uid,
    known.filter(pid => pid !== undefined),
  );
}
