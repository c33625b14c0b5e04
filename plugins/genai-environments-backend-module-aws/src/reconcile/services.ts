import type {
  ServiceName,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ObservedCondition } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { RunningService } from '../aws/Ecs';
import type { StackState } from '../aws/stackRecords';
import type { Problem } from '../stacks/causes';
import { hostsOf, tasksOf } from '../stacks/operations';
import type { BuildStep } from './Step';

/** The condition that fewer tasks run than were asked for. */
export const TASKS_MISSING = 'TasksMissing';

/** Tasks that take longer do not come by themselves: that is said then. */
const STARTING_LIMIT_MS = 15 * 60_000;

/** The services of an environment as ECS runs them. */
export type ServicesReport = {
  services: ServiceStatus[];
  /** Present while something ails. */
  problem?: Problem;
  isStarting: boolean;
  /** Fewer tasks run than were asked for, and enough to work. */
  missing: ObservedCondition[];
};

/** Asks ECS. `stack` is that of the services. @throws AwsCallError */
export async function reportServices(
  step: BuildStep,
  stack: Pick<StackState, 'outputs' | 'changedAt'>,
  options: { appImage: string },
): Promise<ServicesReport> {
  const { desired, blueprint, aws } = step;
  const { outputs, changedAt } = stack;
  const cluster = outputs.ClusterName;
  const names = blueprint.services.ecsServices.flatMap(ecsService => {
    const name = outputs[`${ecsService.logicalId}Name`];
    const hosts = hostsOf(ecsService);
    return name ? [{ name, hosts, asked: tasksOf(step, ecsService) }] : [];
  });
  const running = await aws.ecs.describe(
    cluster,
    names.map(({ name }) => name),
  );
  const services: ServiceStatus[] = [];
  const short: string[] = [];
  const waitsForImage = options.appImage === '';
  for (const service of desired.spec.services) {
    const host = names.find(({ hosts }) => hosts.includes(service));
    const state = running.find(({ name }) => name === host?.name);
    const asked = host?.asked ?? 1;
    const status =
      service === 'app' && waitsForImage
        ? withoutImage(step)
        : await report(step, {
            ...{ name: service, cluster, state, asked, changedAt },
          });
    services.push(status);
    if (status.health === 'healthy' && state!.running < asked) {
      short.push(`${service} (${state!.running} of ${asked})`);
    }
  }
  const ailing = services.filter(
    ({ name, health }) =>
      health === 'unhealthy' ||
      (health === 'stopped' && !(name === 'app' && waitsForImage)),
  );
  return {
    services,
    isStarting: services.some(({ health }) => health === 'starting'),
    missing: tellMissing(short),
    problem: ailing.length > 0 ? nameProblem(step, ailing) : undefined,
  };
}

function nameProblem({ desired }: BuildStep, ailing: ServiceStatus[]): Problem {
  const log = `read the log group /genai/${desired.name}/… in CloudWatch`;
  const runsSome = ailing.every(({ tasks }) => (tasks?.running ?? 0) > 0);
  return {
    reason: runsSome ? 'TasksDoNotStart' : 'ServiceUnhealthy',
    message: ailing.map(({ name, message }) => `${name}: ${message}`).join(' '),
    nextAction: runsSome
      ? `ECS goes on trying by itself. If it stays so, ${log}, and ask the platform team whether the account has capacity for the tasks.`
      : `ECS starts its tasks again by itself. If it stays so, ${log}.`,
  };
}

function tellMissing(short: string[]): ObservedCondition[] {
  if (short.length === 0) return [];
  return [
    {
      type: TASKS_MISSING,
      status: 'True',
      reason: 'FewerTasksThanAsked',
      message: `Fewer tasks run than were asked for: ${short.join(', ')}.`,
      nextAction:
        'ECS starts them by itself when it can. If it stays so, ask the platform team whether the account has capacity for them.',
    },
  ];
}

async function report(
  step: BuildStep,
  found: {
    name: ServiceName;
    cluster: string;
    /** Absent: ECS has no such service. */
    state?: RunningService;
    asked: number;
    /** When the last change of the stack began. */
    changedAt: number;
  },
): Promise<ServiceStatus> {
  const { name, cluster, state, asked, changedAt } = found;
  if (!state) {
    return { name, health: 'stopped', message: 'ECS has no such service.' };
  }
  if (state.desired === 0) {
    return { name, health: 'stopped', message: 'It is scaled to 0 tasks.' };
  }
  const { running, rollout, startedAt } = state;
  // Auto Scaling tells ECS of another minimum a moment after the stack is changed.
  const desired = Math.max(state.desired, asked);
  const status = {
    ...{ name, tasks: { running, desired } },
    startedAt:
      startedAt === undefined ? undefined : new Date(startedAt).toISOString(),
  };
  const isRolledOut = rollout === 'COMPLETED';
  if (running >= desired && isRolledOut) {
    return { ...status, health: 'healthy' };
  }
  const count = `${running} of ${desired} tasks run.`;
  const since = Math.max(changedAt, startedAt ?? 0);
  const isEarly = step.now() - since < STARTING_LIMIT_MS;
  if (running > 0 && isRolledOut && !(isEarly && isNews(step))) {
    return { ...status, health: 'healthy', message: count };
  }
  if (running > 0 && isEarly) {
    return { ...status, health: 'starting', message: count };
  }
  const reason = await step.aws.ecs.lastStopReason(cluster, state.name);
  const what =
    running > 0 ? `${count} Its deployment does not end.` : 'No task runs.';
  return {
    ...{ ...status, health: 'unhealthy' },
    message: `${what} ${reason ?? state.rolloutReason ?? ''}`.trim(),
  };
}

/** What was asked for last is not in force yet: it is waited for, a while. */
function isNews({ desired }: BuildStep): boolean {
  return desired.status.observedGeneration !== desired.generation;
}

function withoutImage({ desired }: BuildStep): ServiceStatus {
  return {
    name: 'app',
    health: 'stopped',
    message: `There is no image yet: the app runs once the pipeline of ${
      desired.spec.app?.repository ?? 'the project'
    } has pushed one.`,
  };
}
