import type {
  EnvironmentStatus,
  Phase,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  ObservedCondition,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { PreparedStep, Step, supervise, warn } from './Step';

/** What is done until an environment is Ready, in order. */
const CREATE_STEPS = [
  'Preparing a directory and a port',
  'Starting the runtime',
  'Registering applications',
  'Waiting for all services',
] as const;
export type CreateStep = (typeof CREATE_STEPS)[number];

/** A visible stop: what is wrong, and what its reader can do. */
export type Problem = { reason: string; message: string; nextAction: string };

const UNREPORTED = { reported: undefined };

/** Work is under way. */
export function working(
  step: Step | PreparedStep,
  options: {
    current: CreateStep;
    services?: ServiceStatus[];
    applications?: ReconcileOutcome['applications'];
    requeueAfterMs?: number;
  },
): ReconcileOutcome {
  const { current, services, applications = [], requeueAfterMs = 0 } = options;
  const supervision = 'supervision' in step ? step.supervision : {};
  const before = supervision.firstReadyAt === undefined;
  const waiting: ObservedCondition = {
    type: 'Ready',
    status: 'False',
    reason: supervision.crashes ? 'Restarting' : 'InProgress',
    message: `${current}.`,
  };
  // After a crash it stays Degraded until everything works again.
  const stop = supervision.crashes && {
    phase: 'Degraded' as Phase,
    condition: {
      ...waiting,
      message: `The environment is being restarted. ${supervision.crashes.cause}`,
      nextAction: supervision.crashes.nextAction,
    },
  };
  return {
    phase: stop?.phase ?? (before ? 'Provisioning' : 'Updating'),
    observedGeneration: step.desired.status.observedGeneration,
    conditions: [
      stop?.condition ?? waiting,
      runtimeCondition(services !== undefined),
    ],
    services: services ?? notRunning(step, 'starting'),
    progress: {
      completedSteps: CREATE_STEPS.indexOf(current),
      totalSteps: CREATE_STEPS.length,
      currentStep: current,
    },
    outputs: outputsOf(step),
    events: step.events,
    applications,
    requeueAfterMs,
  };
}

/** A stop that names its cause. Told as an event once, however often it is seen. */
export async function degraded(
  step: PreparedStep,
  options: {
    problem: Problem;
    services?: ServiceStatus[];
    applications?: ReconcileOutcome['applications'];
    requeueAfterMs: number;
    /** The spec is in force as far as it can be. */
    inForce: boolean;
  },
): Promise<ReconcileOutcome> {
  const { problem, services, applications = [], requeueAfterMs } = options;
  if (step.supervision.reported !== problem.reason) {
    warn(step, problem.reason, `${problem.message} ${problem.nextAction}`);
    await supervise(step, { reported: problem.reason });
  }
  return {
    phase: 'Degraded',
    observedGeneration: options.inForce
      ? step.desired.generation
      : step.desired.status.observedGeneration,
    conditions: [
      { type: 'Ready', status: 'False', ...problem },
      runtimeCondition(services !== undefined),
    ],
    services: services ?? notRunning(step, 'stopped'),
    outputs: outputsOf(step),
    events: step.events,
    applications,
    requeueAfterMs,
  };
}

/** Everything is as asked for. */
export function ready(
  step: PreparedStep,
  options: {
    services: ServiceStatus[];
    applications: ReconcileOutcome['applications'];
    requeueAfterMs: number;
  },
): ReconcileOutcome {
  return {
    phase: 'Ready',
    observedGeneration: step.desired.generation,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'AllServicesHealthy',
        message: 'All services of the environment work.',
      },
      runtimeCondition(true),
    ],
    outputs: outputsOf(step),
    events: step.events,
    ...options,
  };
}

/** Teardown; nothing is asked of the environment any more. */
export function deleting(
  step: Step,
  phase: 'Deleting' | 'Deleted',
  progress?: EnvironmentStatus['progress'],
): ReconcileOutcome {
  return {
    phase,
    observedGeneration: step.desired.generation,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: phase,
        message:
          phase === 'Deleted'
            ? 'The environment is gone.'
            : 'The environment is being torn down.',
      },
    ],
    services: [],
    progress,
    outputs: {},
    events: step.events,
    applications: [],
    requeueAfterMs: 0,
  };
}

/** Forgets that a problem was told; it is news when it comes again. */
export async function clearProblem(step: PreparedStep): Promise<void> {
  if (step.supervision.reported !== undefined) {
    await supervise(step, UNREPORTED);
  }
}

function runtimeCondition(runs: boolean): ObservedCondition {
  return {
    type: 'RuntimeRunning',
    status: runs ? 'True' : 'False',
    reason: runs ? 'Answers' : 'NotAnswering',
    message: runs
      ? 'The process of the environment answers.'
      : 'The process of the environment does not answer (yet).',
  };
}

function notRunning(
  { desired }: Step,
  health: 'starting' | 'stopped',
): ServiceStatus[] {
  return desired.spec.services.map(name => ({ name, health }));
}

function outputsOf(step: Step | PreparedStep): EnvironmentStatus['outputs'] {
  if (!('record' in step)) return {};
  const endpoint = `http://127.0.0.1:${step.record.port}`;
  const { app } = step.plan;
  const { runtime } = step;
  return {
    endpoint,
    tokenUrl: `${endpoint}/oauth2/token`,
    issuer: endpoint,
    ...(app && { appUrl: `${endpoint}/app/` }),
    ...(app?.repositoryUrl && { repositoryUrl: app.repositoryUrl }),
    ...(runtime && { runtime }),
  };
}
