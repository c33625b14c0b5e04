import type { BlueprintTier } from '../../manifest/manifest';
import type { BlueprintStack } from '../BlueprintStack';
import { needsOf } from '../policies/taskNeeds';
import {
  executionStatements,
  type TaskResources,
  taskStatements,
} from '../policies/taskStatements';
import { TASKS } from '../tasks';
import { createRole } from './iam';
import { toId } from './logs';

const TASK_PRINCIPAL = 'ecs-tasks.amazonaws.com';

/**
 * A role for each kind of task, and one for ECS to start them. They belong to the core: they
 * are free, and services need not wait for them when they are made anew.
 *
 * @returns the ARNs of roles that work on vectors
 */
export function createTaskRoles(
  stack: BlueprintStack,
  options: {
    tier: BlueprintTier;
    environmentName: string;
    resources: TaskResources;
    secretArns: string[];
  },
): string[] {
  const { tier, environmentName, resources, secretArns } = options;
  const permissionsBoundary = stack.copied('PermissionsBoundaryArn', {
    stack: 'foundation',
    description: 'The most that a role may do',
  }).valueAsString;
  const foundationModelArns = stack.parameter('FoundationModelArns', {
    type: 'CommaDelimitedList',
    description: 'ARNs of the models behind the inference profiles',
    source: { from: 'provisioner', what: 'foundationModelArns' },
  }).valueAsList;
  const execution = createRole(stack, 'ExecutionRole', {
    description: 'ECS starts tasks of the environment',
    principal: TASK_PRINCIPAL,
    permissionsBoundary,
    statements: executionStatements({
      environmentName,
      keyArn: resources.keyArn,
      secretArns,
    }),
  });
  stack.output('ExecutionRoleArn', {
    value: execution.attrArn,
    description: 'Role by which ECS starts tasks',
  });
  return TASKS[tier].flatMap(task => {
    const needs = needsOf(task);
    const role = createRole(stack, `${toId(task.name)}Role`, {
      description: `Tasks of ${task.name}`,
      principal: TASK_PRINCIPAL,
      permissionsBoundary,
      statements: needs
        ? taskStatements(needs, {
            resources,
            environmentName,
            foundationModelArns,
          })
        : [],
    });
    stack.output(`${toId(task.name)}RoleArn`, {
      value: role.attrArn,
      description: `Role of tasks of ${task.name}`,
    });
    return needs?.vectors ? [role.attrArn] : [];
  });
}
