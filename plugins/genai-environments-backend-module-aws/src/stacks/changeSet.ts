import type { DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import { createHash } from 'node:crypto';
import { isAlreadyThere, type StackState } from '../aws/stackRecords';
import type { StackBlueprint } from '../blueprints/types';
import { AwsCallError, hasCode } from '../errors';
import { type BuildStep, note, warn } from '../reconcile/Step';
import type { Problem } from './causes';
import { refuseDataLoss } from './dataLoss';

/** What a stack shall be. */
export type StackPlan = {
  kind: 'core' | 'services';
  name: string;
  /** For people: `the base`. */
  title: string;
  blueprint: StackBlueprint;
  templateUrl: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  /** Parameters whose change is a reason to change an environment at rest. */
  followed: string[];
  /** The same for the same plan: what names of its change sets begin with. */
  changeSetName: string;
};

export type ChangeSetResult =
  /** Ask again soon. */
  | { kind: 'pending' }
  | { kind: 'executed' }
  /** There is nothing to change. */
  | { kind: 'nothing' }
  | { kind: 'refused'; problem: Problem };

/** One step of making a stack so: the change set is created, looked at, or executed. */
export async function stepChangeSet(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
): Promise<ChangeSetResult> {
  const found = await findChangeSet(step, plan, stack);
  if (!found) {
    step.signal.throwIfAborted();
    return create(step, plan, stack);
  }
  if (isUnderWay(found)) return { kind: 'pending' };
  if (found.ExecutionStatus === 'AVAILABLE') {
    const { title, name } = plan;
    const problem = refuseDataLoss(found.Changes!, {
      ...{ title, name },
      changeSetName: found.ChangeSetName!,
    });
    // It stays, for those who want to look at it.
    if (problem) return { kind: 'refused', problem };
    step.signal.throwIfAborted();
    tell(step, plan, found);
    await execute(step, plan, found);
    return { kind: 'executed' };
  }
  // It stays: as long as the stack does not change, it says that for this plan.
  if (found.Status === 'FAILED' && hasNoChanges(found)) {
    return { kind: 'nothing' };
  }
  await step.aws.cloudFormation.deleteChangeSet(
    plan.name,
    found.ChangeSetName!,
  );
  // Was executed, or is of no use any more: the next look makes another one.
  if (found.Status !== 'FAILED') return { kind: 'pending' };
  return {
    kind: 'refused',
    problem: explain(plan, found.StatusReason ?? ''),
  };
}

/** The change set that takes the stack, as it is now, to the plan. */
export async function findChangeSet(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
): Promise<DescribeChangeSetOutput | undefined> {
  if (!stack) return undefined;
  return step.aws.cloudFormation.describeChangeSet(
    plan.name,
    changeSetName(plan, stack),
  );
}

/**
 * Another one for each state of the stack: what was executed before, with success or
 * without, has nothing to do with what is done now.
 */
function changeSetName(plan: StackPlan, stack: StackState | undefined): string {
  const attempt = isNew(stack)
    ? 'new'
    : digest(`${stack!.id} ${stack!.changedAt}`);
  return `${plan.changeSetName}-${attempt}`;
}

/** No stack, or one that is nothing but a name for its first change set. */
export function isNew(stack: StackState | undefined): boolean {
  return !stack || stack.status === 'REVIEW_IN_PROGRESS';
}

function isUnderWay({
  Status,
  ExecutionStatus,
}: DescribeChangeSetOutput): boolean {
  return (
    /_(PENDING|IN_PROGRESS)$/.test(Status ?? '') ||
    ExecutionStatus === 'EXECUTE_IN_PROGRESS'
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

async function create(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
): Promise<ChangeSetResult> {
  try {
    await step.aws.cloudFormation.createChangeSet({
      stackName: plan.name,
      name: changeSetName(plan, stack),
      type: isNew(stack) ? 'CREATE' : 'UPDATE',
      templateUrl: plan.templateUrl,
      roleArn: step.foundation.ServiceRoleArn,
      capabilities: plan.blueprint.capabilities,
      parameters: plan.parameters,
      tags: plan.tags,
    });
  } catch (error) {
    if (isAlreadyThere(error)) return { kind: 'pending' };
    if (hasCode(error, 'LimitExceededException')) {
      return { kind: 'refused', problem: quotaReached(plan, error as Error) };
    }
    if (hasCode(error, 'ValidationError')) {
      const { message } = error as AwsCallError;
      return { kind: 'refused', problem: explain(plan, message) };
    }
    throw error;
  }
  return { kind: 'pending' };
}

async function execute(
  step: BuildStep,
  plan: StackPlan,
  { ChangeSetName, ChangeSetId }: DescribeChangeSetOutput,
): Promise<void> {
  try {
    await step.aws.cloudFormation.executeChangeSet({
      stackName: plan.name,
      name: ChangeSetName!,
      // AWS refuses a token that it has seen, also when the change set is another one.
      token: `${ChangeSetName}-${digest(ChangeSetId!)}`,
    });
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  }
  step.aws.fleet.forget();
}

function hasNoChanges({ StatusReason = '' }: DescribeChangeSetOutput): boolean {
  return /didn't contain changes|No updates are to be performed/.test(
    StatusReason,
  );
}

function tell(
  step: BuildStep,
  plan: StackPlan,
  found: DescribeChangeSetOutput,
) {
  const changes = found.Changes ?? [];
  const count = (action: string) =>
    changes.filter(({ ResourceChange }) => ResourceChange?.Action === action)
      .length;
  note(
    step,
    'ChangePlanned',
    `Plan for ${plan.title}: ${count('Add')} resources to add, ${count(
      'Modify',
    )} to change, ${count('Remove')} to remove.`,
  );
  const replaced = changes
    .filter(({ ResourceChange }) => ResourceChange?.Replacement === 'True')
    // Of a task definition it is another revision, and the same service.
    .filter(
      ({ ResourceChange }) =>
        ResourceChange?.ResourceType !== 'AWS::ECS::TaskDefinition',
    )
    .map(({ ResourceChange }) => ResourceChange!.LogicalResourceId);
  if (replaced.length > 0) {
    warn(
      step,
      'ResourcesReplaced',
      `AWS makes these resources of ${plan.title} anew: ${replaced.join(
        ', ',
      )}.`,
    );
  }
}

function quotaReached({ title }: StackPlan, { message }: Error): Problem {
  return {
    reason: 'QuotaReached',
    message: `CloudFormation has no room for a change of ${title}: ${message}`,
    nextAction:
      'Ask the platform team to raise the quotas of CloudFormation in Service Quotas, or delete environments that nobody needs.',
  };
}

function explain(plan: StackPlan, said: string): Problem {
  if (/S3 error|Access Denied|TemplateURL/i.test(said)) {
    return {
      reason: 'BlueprintNotPublished',
      message: `CloudFormation cannot read the template of ${plan.title}.`,
      nextAction:
        "Ask the platform team to publish the blueprints into the account's template bucket.",
    };
  }
  return {
    reason: 'ChangeRefused',
    message: `CloudFormation refuses the change of ${plan.title}: ${said.slice(
      0,
      400,
    )}`,
    nextAction:
      'Ask the platform team to bring the foundation of the account and the blueprints to the same version.',
  };
}
