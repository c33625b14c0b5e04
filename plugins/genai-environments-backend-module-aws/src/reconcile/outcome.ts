import type {
  EnvironmentStatus,
  Phase,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  ObservedCondition,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { Problem } from '../stacks/causes';
import { Step, warn } from './Step';

/** An environment at rest is looked at this often, mostly without a call. */
export const REST_INTERVAL_MS = 120_000;
export const DEGRADED_INTERVAL_MS = 60_000;

/** Work is under way. */
export function working(
  step: Step,
  options: {
    current: string;
    progress?: { completedSteps: number; totalSteps: number };
    outputs?: EnvironmentStatus['outputs'];
    services?: ServiceStatus[];
    applications?: ReconcileOutcome['applications'];
    requeueAfterMs: number;
  },
): ReconcileOutcome {
  const { desired } = step;
  const { current, progress, requeueAfterMs } = options;
  return {
    phase: workingPhase(step),
    observedGeneration: desired.status.observedGeneration,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'InProgress',
        message: `${current}.`,
      },
      ...attemptsCondition(step),
      ...step.graces,
    ],
    services:
      options.services ??
      desired.spec.services.map(name => ({ name, health: 'starting' })),
    progress: {
      completedSteps: progress?.completedSteps ?? 0,
      totalSteps: Math.max(1, progress?.totalSteps ?? 1),
      currentStep: current,
    },
    outputs: options.outputs ?? desired.status.outputs,
    events: step.events,
    applications: options.applications ?? [],
    requeueAfterMs,
  };
}

/** A stop that names its cause. Told as an event once, however often it is seen. */
export function stopped(
  step: Step,
  problem: Problem,
  options: {
    services?: ServiceStatus[];
    outputs?: EnvironmentStatus['outputs'];
    applications?: ReconcileOutcome['applications'];
    /** The spec is in force as far as it can be. */
    inForce?: boolean;
    requeueAfterMs?: number;
  } = {},
): ReconcileOutcome {
  const { desired } = step;
  const { reason, message, nextAction } = problem;
  const told = desired.status.conditions.find(({ type }) => type === 'Ready');
  if (told?.reason !== reason || told.message !== message) {
    warn(step, reason, `${message} ${nextAction}`);
  }
  const wasReady = desired.status.observedGeneration > 0;
  return {
    phase: wasReady || desired.deletionRequested ? 'Degraded' : 'Failed',
    observedGeneration: options.inForce
      ? desired.generation
      : desired.status.observedGeneration,
    conditions: [
      { type: 'Ready', status: 'False', reason, message, nextAction },
      ...attemptsCondition(step),
      ...step.graces,
    ],
    services: options.services ?? desired.status.services,
    outputs: options.outputs ?? desired.status.outputs,
    events: step.events,
    applications: options.applications ?? [],
    requeueAfterMs: options.requeueAfterMs ?? DEGRADED_INTERVAL_MS,
  };
}

/** Everything is as asked for. */
export function settled(
  step: Step,
  options: {
    phase: 'Ready' | 'Hibernated';
    services: ServiceStatus[];
    outputs: EnvironmentStatus['outputs'];
    applications: ReconcileOutcome['applications'];
    conditions?: ObservedCondition[];
    requeueAfterMs?: number;
  },
): ReconcileOutcome {
  const isReady = options.phase === 'Ready';
  return {
    phase: options.phase,
    observedGeneration: step.desired.generation,
    conditions: [
      {
        type: 'Ready',
        status: isReady ? 'True' : 'False',
        reason: isReady ? 'AllServicesHealthy' : 'Hibernated',
        message: isReady
          ? 'All services of the environment work.'
          : 'The environment keeps its data and runs nothing. Wake it to use it.',
      },
      ...step.graces,
      ...(options.conditions ?? []),
    ],
    services: options.services,
    outputs: options.outputs,
    events: step.events,
    applications: options.applications,
    requeueAfterMs: options.requeueAfterMs ?? REST_INTERVAL_MS,
  };
}

/** Teardown; nothing is asked of the environment any more. */
export function deleting(
  step: Step,
  options: {
    current: string;
    progress?: { completedSteps: number; totalSteps: number };
    requeueAfterMs: number;
  },
): ReconcileOutcome {
  const { current, progress } = options;
  return {
    ...gone(step),
    phase: 'Deleting',
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'Deleting',
        message: `${current}.`,
      },
    ],
    progress: {
      completedSteps: progress?.completedSteps ?? 0,
      totalSteps: Math.max(1, progress?.totalSteps ?? 1),
      currentStep: current,
    },
    requeueAfterMs: options.requeueAfterMs,
  };
}

/** Nothing is left. */
export function gone(step: Step): ReconcileOutcome {
  return {
    phase: 'Deleted',
    observedGeneration: step.desired.generation,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'Deleted',
        message: 'The environment is gone.',
      },
    ],
    services: [],
    outputs: {},
    events: step.events,
    applications: [],
    requeueAfterMs: 0,
  };
}

function workingPhase({ desired }: Step): Phase {
  const { spec, status } = desired;
  if (status.observedGeneration === 0) return 'Provisioning';
  return spec.hibernated ? 'Hibernating' : 'Updating';
}

function attemptsCondition({
  failedAttempts,
  desired,
}: Step): ObservedCondition[] {
  if (failedAttempts === 0) return [];
  return [
    {
      type: 'Attempts',
      status: 'Unknown',
      reason: `Attempt${failedAttempts}OfGeneration${desired.generation}`,
      message: `${failedAttempts} ${
        failedAttempts === 1 ? 'attempt has' : 'attempts have'
      } failed so far.`,
    },
  ];
}
