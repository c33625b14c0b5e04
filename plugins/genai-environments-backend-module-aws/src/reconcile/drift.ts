import type { ObservedCondition } from '@genai-environments/backstage-plugin-genai-environments-node';
import { hasCode, isDenial } from '../errors';
import { stackName } from '../names';
import type { StackSummary } from '../aws/stackRecords';
import type { Step } from './Step';

/** How old an answer may be before CloudFormation is asked again. */
const CHECKED_EVERY_MS = 24 * 3_600_000;

/** Somebody changed resources past CloudFormation; it said so when it was asked last. */
const DRIFTED: ObservedCondition = {
  type: 'Drifted',
  status: 'True',
  reason: 'ChangedByHand',
  message:
    'Resources of the environment were changed by hand: CloudFormation found differences.',
  nextAction:
    'Ask the platform team to look at the drift of the stacks in the console.',
};

/**
 * Has CloudFormation look for changes by hand in one stack of an environment, the one it
 * looked at longest ago, when that is more than a day ago. What it finds is in the list of
 * stacks some minutes later.
 *
 * @throws AwsCallError
 */
export async function detectDrift(
  step: Step,
  stacks: Array<StackSummary | undefined>,
): Promise<void> {
  const { aws } = step;
  const [stack] = stacks
    .filter(each => each !== undefined)
    .sort((a, b) => checkedAt(a) - checkedAt(b));
  const isDue = stack && step.now() - checkedAt(stack) > CHECKED_EVERY_MS;
  if (!isDue || aws.isDriftDenied) return;
  try {
    await aws.cloudFormation.detectDrift(stack, await comparable(step, stack));
  } catch (error) {
    // Somebody else has just begun it.
    if (hasCode(error, 'ValidationError')) return;
    if (!isDenial(error)) throw error;
    aws.isDriftDenied = true;
    step.logger.warn(
      `Changes by hand are not looked for in ${aws.target.id}: ${error}`,
    );
  }
}

/** What was found when drift was looked for last. */
export function driftConditions(
  stacks: Array<StackSummary | undefined>,
): ObservedCondition[] {
  return stacks.some(stack => stack?.isDrifted) ? [DRIFTED] : [];
}

/** The same, as far as the list of stacks knows it. @throws AwsCallError */
export async function tellDrift({
  aws,
  desired,
}: Step): Promise<ObservedCondition[]> {
  const { name } = desired;
  return driftConditions([
    await aws.fleet.findStack(stackName('core', name)),
    await aws.fleet.findStack(stackName('services', name)),
  ]);
}

function checkedAt({ driftCheckedAt = 0 }: StackSummary): number {
  return driftCheckedAt;
}

/**
 * Logical ids of what is as the template says unless somebody changed it; absent: all.
 * Workers have as many tasks as there is work, and the template says none.
 */
async function comparable(
  { aws, desired, blueprints }: Step,
  stack: StackSummary,
): Promise<string[] | undefined> {
  if (stack.name !== stackName('services', desired.name)) return undefined;
  const { ecsServices } = blueprints.find({
    tier: desired.spec.tier,
    vectorStore: aws.target.vectorStore,
  }).services;
  const workers = ecsServices
    .filter(({ hosts, workers: own }) => hosts.length === 0 && own.length > 0)
    .map(({ logicalId }) => logicalId);
  if (workers.length === 0) return undefined;
  const resources = await aws.cloudFormation.listResources(stack);
  return resources
    .map(({ logicalId }) => logicalId)
    .filter(logicalId => !workers.includes(logicalId));
}
