import { type DescribeChangeSetOutput } from '@aws-sdk/client-cloudformation';
import { isAlreadyThere, type StackState } from '../aws/stackRecords';
import type { StackBlueprint } from '../blueprints/types';
import { AwsCallError, hasCode } from '../errors';
import { type BuildStep, note, warn } from '../reconcile/Step';
import type { Problem } from './causes';

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
  /** The same for the same plan: names the change set, and makes repeats harmless. */
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
  const { cloudFormation } = step.aws;
  const found =
    stack &&
    (await cloudFormation.describeChangeSet(plan.name, plan.changeSetName));
  if (!found) {
    step.signal.throwIfAborted();
    return create(step, plan, stack);
  }
  if (found.Status === 'FAILED') {
    await cloudFormation.deleteChangeSet(plan.name, plan.changeSetName);
    return hasNoChanges(found)
      ? { kind: 'nothing' }
      : { kind: 'refused', problem: explain(plan, found.StatusReason ?? '') };
  }
  if (found.ExecutionStatus !== 'AVAILABLE') return { kind: 'pending' };
  step.signal.throwIfAborted();
  tell(step, plan, found);
  await execute(step, plan);
  return { kind: 'executed' };
}

async function create(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
): Promise<ChangeSetResult> {
  const isNew = !stack || stack.status === 'REVIEW_IN_PROGRESS';
  try {
    await step.aws.cloudFormation.createChangeSet({
      stackName: plan.name,
      name: plan.changeSetName,
      type: isNew ? 'CREATE' : 'UPDATE',
      templateUrl: plan.templateUrl,
      roleArn: step.foundation.ServiceRoleArn,
      capabilities: plan.blueprint.capabilities,
      parameters: plan.parameters,
      tags: plan.tags,
    });
  } catch (error) {
    if (isAlreadyThere(error)) return { kind: 'pending' };
    if (hasCode(error, 'ValidationError')) {
      const { message } = error as AwsCallError;
      return { kind: 'refused', problem: explain(plan, message) };
    }
    throw error;
  }
  return { kind: 'pending' };
}

async function execute(step: BuildStep, plan: StackPlan): Promise<void> {
  try {
    await step.aws.cloudFormation.executeChangeSet(
      plan.name,
      plan.changeSetName,
    );
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
