import type {
  DesiredEnvironment,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { isGraceOver } from '../applications/grace';
import { stackName } from '../names';
import { detectDrift, driftConditions } from './drift';
import { REST_INTERVAL_MS } from './outcome';
import { TASKS_MISSING } from './services';
import type { Step } from './Step';

const RESTS = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/;

/**
 * Looks at an environment at rest from afar: at lists that all environments of the target
 * share. `undefined` when it has to be looked into: something was asked for, a stack is
 * not as it was, an alarm rings, or it is its turn.
 */
export async function lookFromAfar(
  step: Step,
): Promise<ReconcileOutcome | undefined> {
  const { desired, aws } = step;
  if (!isAtRest(desired) || isGraceOver(desired, step.now())) return undefined;
  const { name, status } = desired;
  const coreName = stackName('core', name);
  const servicesName = stackName('services', name);
  const core = await aws.fleet.findStack(coreName);
  const services = await aws.fleet.findStack(servicesName);
  if (!core || !RESTS.test(core.status)) return undefined;
  if (status.phase === 'Ready') {
    if (!services || !RESTS.test(services.status)) return undefined;
  } else if (services) return undefined;
  for (const stack of [coreName, servicesName]) {
    if ((await aws.fleet.alarmsOf(stack)).length > 0) return undefined;
  }
  const waitMs = aws.fleet.turns.ask(desired.uid);
  if (waitMs === 0) {
    await detectDrift(step, [core, services]);
    return undefined;
  }
  return {
    phase: status.phase,
    observedGeneration: status.observedGeneration,
    conditions: [
      ...status.conditions
        .filter(({ type }) => type !== 'Drifted')
        .map(({ lastTransitionAt: _, ...condition }) => condition),
      ...driftConditions([core, services]),
    ],
    services: status.services,
    outputs: status.outputs,
    events: step.events,
    applications: [],
    requeueAfterMs: Math.min(REST_INTERVAL_MS, waitMs),
  };
}

function isAtRest({
  status,
  generation,
  spec,
  applicationsObserved,
  deletionRequested,
}: DesiredEnvironment): boolean {
  const phase = spec.hibernated ? 'Hibernated' : 'Ready';
  return (
    !deletionRequested &&
    status.phase === phase &&
    // Nothing tells from afar that they came.
    !status.conditions.some(({ type }) => type === TASKS_MISSING) &&
    status.observedGeneration === generation &&
    applicationsObserved === true
  );
}
