import type { Change, ResourceChange } from '@aws-sdk/client-cloudformation';
import { describeType, type Problem } from './causes';

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
  const all = changes.flatMap(({ ResourceChange: one }) => one ?? []);
  return all
    .filter(({ ResourceType = '' }) => HOLDS_DATA.test(ResourceType))
    .filter(change => isLost(change, all))
    .map(
      ({ ResourceType, LogicalResourceId }) =>
        `${describeType(ResourceType!)} ${LogicalResourceId}`,
    );
}

function isLost(change: ResourceChange, all: ResourceChange[]): boolean {
  const { Action, Replacement } = change;
  if (Action === 'Remove' || Action === 'Dynamic') return true;
  if (Action !== 'Modify') return false;
  if (Replacement === 'Conditional') return !keepsReferences(change, all);
  return Replacement === 'True';
}

/**
 * CloudFormation says `Conditional` also of resources that only name another one which
 * changes. Names and ARNs change with a replacement alone.
 */
function keepsReferences(
  { Details = [] }: ResourceChange,
  all: ResourceChange[],
): boolean {
  const recreating = Details.filter(
    ({ Target }) => Target?.RequiresRecreation !== 'Never',
  );
  return (
    recreating.length > 0 &&
    recreating.every(({ Evaluation, CausingEntity }) => {
      if (Evaluation !== 'Dynamic' || !CausingEntity) return false;
      const [cause] = CausingEntity.split('.');
      return all.some(
        ({ LogicalResourceId, Action, Replacement }) =>
          LogicalResourceId === cause &&
          Action === 'Modify' &&
          Replacement === 'False',
      );
    })
  );
}
