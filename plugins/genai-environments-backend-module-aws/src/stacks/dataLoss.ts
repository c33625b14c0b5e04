import type { Change } from '@aws-sdk/client-cloudformation';
import { describeType, type Problem } from './causes';
import { findLost } from './losses';

/** What is in these is there once, and cannot be computed anew. */
const HOLDS_DATA =
  /^AWS::(DynamoDB::(Global)?Table|S3::Bucket|S3Vectors::(VectorBucket|Index)|OpenSearchServerless::Collection|Cognito::UserPool|KMS::Key|ECR::Repository|SecretsManager::Secret)$/;

/** Refuses changes after which data would not be there any more. */
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
    } would remove, or make anew and empty: ${lost.join(
      ', ',
    )}. It is not carried out.`,
    nextAction: `Ask the platform team to look at the change set ${plan.changeSetName} of the stack ${plan.name}: the blueprint or the target's settings must be as they were when the environment was created, or a new environment takes over.`,
  };
}

/** Resources with data that a change set removes or replaces, or may. */
export function findLosses(changes: Change[]): string[] {
  return findLost(changes)
    .filter(({ ResourceType = '' }) => HOLDS_DATA.test(ResourceType))
    .map(
      ({ ResourceType, LogicalResourceId }) =>
        `${describeType(ResourceType!)} ${LogicalResourceId}`,
    );
}
