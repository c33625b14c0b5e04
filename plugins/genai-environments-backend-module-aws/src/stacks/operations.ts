import type { ServiceName } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { ObservedCondition } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { StackBlueprint } from '../blueprints/types';
import type { BuildStep } from '../reconcile/Step';

type EcsService = StackBlueprint['ecsServices'][number];
type Asked = Pick<BuildStep, 'desired' | 'aws' | 'blueprint'>;

/** As in the templates, where a target says nothing. */
const DEFAULT_MAX_TASKS = 4;
/** In place of a time. */
const NEVER = 'never';

/** Services of the environment that an ECS service runs. */
export function hostsOf({ logicalId, hosts }: EcsService): string[] {
  return logicalId === 'AppService' ? ['app'] : hosts;
}

/**
 * Tasks that run at least in an ECS service: the most that was asked for one of those it
 * hosts, within what the platform team allows.
 */
export function tasksOf(step: Asked, ecsService: EcsService): number {
  const asked = valuesOf(step.desired.spec.tasks, ecsService);
  return Math.min(Math.max(1, ...asked), maxTasks(step));
}

/** When one of those that an ECS service hosts was asked to be restarted last. */
export function restartedAt(step: Asked, ecsService: EcsService): string {
  return (
    valuesOf(step.desired.spec.restarts, ecsService).sort().at(-1) ?? NEVER
  );
}

/** The ECS service that a parameter is about: `TasksModelInvocation`. */
export function ecsServiceOf(
  { blueprint }: Pick<BuildStep, 'blueprint'>,
  parameter: string,
): EcsService | undefined {
  return blueprint.services.ecsServices.find(({ logicalId }) =>
    [`Tasks${logicalId}`, `RestartedAt${logicalId}`].includes(
      `${parameter}Service`,
    ),
  );
}

/** Says so where more was asked for than the platform team allows. */
export function tellLimit(step: Asked): ObservedCondition[] {
  const { services, tasks = {} } = step.desired.spec;
  const most = maxTasks(step);
  const limited = services.filter(service => (tasks[service] ?? 0) > most);
  if (limited.length === 0) return [];
  return [
    {
      type: 'TasksLimited',
      status: 'True',
      reason: 'MaxTasksReached',
      message: `The platform allows ${most} tasks of a service at most. More were asked for of: ${limited.join(
        ', ',
      )}.`,
      nextAction: `Ask for ${most} or fewer, or ask the platform team to raise maxTasks in the settings of ${step.aws.target.id}.`,
    },
  ];
}

function maxTasks({ aws }: Asked): number {
  return Number(aws.target.settings.maxTasks ?? DEFAULT_MAX_TASKS);
}

function valuesOf<T>(
  wishes: Partial<Record<ServiceName, T>> = {},
  ecsService: EcsService,
): T[] {
  return hostsOf(ecsService)
    .map(host => wishes[host as ServiceName])
    .filter(value => value !== undefined);
}
