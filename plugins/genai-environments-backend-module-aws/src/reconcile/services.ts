import type {
  ServiceName,
  ServiceStatus,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { RunningService } from '../aws/Ecs';
import type { Problem } from '../stacks/causes';
import { hostsOf, tasksOf } from '../stacks/operations';
import type { BuildStep } from './Step';

/** The services of an environment as ECS runs them. */
export type ServicesReport = {
  services: ServiceStatus[];
  /** Present while something ails. */
  problem?: Problem;
  isStarting: boolean;
};

/** Asks ECS. @throws AwsCallError */
export async function reportServices(
  step: BuildStep,
  outputs: Record<string, string>,
  options: { appImage: string },
): Promise<ServicesReport> {
  const { desired, blueprint, aws } = step;
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
  const waitsForImage = options.appImage === '';
  for (const service of desired.spec.services) {
    const host = names.find(({ hosts }) => hosts.includes(service));
    const state = running.find(({ name }) => name === host?.name);
    services.push(
      service === 'app' && waitsForImage
        ? withoutImage(step)
        : await report(step, {
            ...{ name: service, cluster, state },
            asked: host?.asked ?? 1,
          }),
    );
  }
  const ailing = services.filter(
    ({ name, health }) =>
      health === 'unhealthy' ||
      (health === 'stopped' && !(name === 'app' && waitsForImage)),
  );
  const isStarting = services.some(({ health }) => health === 'starting');
  if (ailing.length === 0) return { services, isStarting };
  return {
    services,
    isStarting,
    problem: {
      reason: 'ServiceUnhealthy',
      message: ailing
        .map(({ name, message }) => `${name}: ${message}`)
        .join(' '),
      nextAction: `ECS starts its tasks again by itself. If it stays so, read the log group /genai/${desired.name}/… in CloudWatch.`,
    },
  };
}

async function report(
  step: BuildStep,
  found: {
    name: ServiceName;
    cluster: string;
    /** Absent: ECS has no such service. */
    state?: RunningService;
    asked: number;
  },
): Promise<ServiceStatus> {
  const { name, cluster, state, asked } = found;
  if (!state) {
    return { name, health: 'stopped', message: 'ECS has no such service.' };
  }
  if (state.desired === 0) {
    return { name, health: 'stopped', message: 'It is scaled to 0 tasks.' };
  }
  const { running, rollout } = state;
  // Auto Scaling tells ECS of another minimum a moment after the stack is changed.
  const desired = Math.max(state.desired, asked);
  const status = {
    ...{ name, tasks: { running, desired } },
    startedAt:
      state.startedAt === undefined
        ? undefined
        : new Date(state.startedAt).toISOString(),
  };
  if (running >= desired && rollout === 'COMPLETED') {
    return { ...status, health: 'healthy' };
  }
  if (running > 0) {
    const message = `${running} of ${desired} tasks run.`;
    return { ...status, health: 'starting', message };
  }
  const reason = await step.aws.ecs.lastStopReason(cluster, state.name);
  return {
    ...{ ...status, health: 'unhealthy' },
    message: `No task runs. ${reason ?? state.rolloutReason ?? ''}`.trim(),
  };
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
