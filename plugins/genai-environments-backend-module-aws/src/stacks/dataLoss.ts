import type { Change } from '@aws-sdk/client-cloudformation';
import { describeType, type Problem } from './causes';
import { findLost } from './losses';

/**
 * What is in these is there once, and cannot be computed anew; nor does what runs in a
 * network move to another one, whose addresses would be the same.
 */
const STANDS_ONCE =
  /^AWS::(EC2::(VPC|Subnet)|DynamoDB::(Global)?Table|S3::Bucket|S3Vectors::(VectorBucket|Index)|OpenSearchServerless::Collection|Cognito::UserPool|KMS::Key|ECR::Repository|SecretsManager::Secret)$/;

/** Refuses changes after which data, or the network below, would not be there any more. */
export function refuseDataLoss(
  changes: Change[],
  plan: { title: string; name: string; changeSetName: string },
): Problem | undefined {
  const lost = findLosses(changes);
  if (lost.length === 0) return undefined;
  return {
    reason: 'DataWouldBeLost',
    message: `The change of ${
      plan.title
    } would remove, or make anew without what is in it: ${lost.join(
      ', ',
    )}. It is not carried out.`,
    nextAction: `Ask the platform team to look at the change set ${plan.changeSetName} of the stack ${plan.name}: the blueprint or the target's settings must be as they were when the environment was created, or a new environment takes over.`,
  };
}

/** Resources that stand once, and that a change set removes or replaces, or may. */
export function findLosses(changes: Change[]): string[] {
  return findLost(changes)
    .filter(({ ResourceType = '' }) => STANDS_ONCE.test(ResourceType))
    .map(
      ({ ResourceType, LogicalResourceId }) =>
        `${describeType(ResourceType!)} ${LogicalResourceId}`,
    );
}
