import type { Change, ResourceChange } from '@aws-sdk/client-cloudformation';

/** Resources that a change set removes or makes anew, or may. */
export function findLost(changes: Change[]): ResourceChange[] {
  const all = changes.flatMap(({ ResourceChange: one }) => one ?? []);
  return all.filter(change => isLost(change, all));
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
 * changes, and of those that name these. Names and ARNs change with a replacement alone.
 */
function keepsReferences(
  { Details = [], LogicalResourceId }: ResourceChange,
  all: ResourceChange[],
): boolean {
  const recreating = Details.filter(
    ({ Target }) => Target?.RequiresRecreation !== 'Never',
  );
  // What names it cannot be what it names: dependencies have no circles.
  const others = all.filter(
    other => other.LogicalResourceId !== LogicalResourceId,
  );
  return (
    recreating.length > 0 &&
    recreating.every(({ Evaluation, CausingEntity }) => {
      if (Evaluation !== 'Dynamic' || !CausingEntity) return false;
      const [name] = CausingEntity.split('.');
      const cause = others.find(other => other.LogicalResourceId === name);
      return cause?.Action === 'Modify' && !isLost(cause, others);
    })
  );
}
