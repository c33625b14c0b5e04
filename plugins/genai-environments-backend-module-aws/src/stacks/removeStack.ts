import {
  isBusy,
  type StackEventRecord,
  type StackState,
} from '../aws/stackRecords';
import { type Step, note, warn } from '../reconcile/Step';
import { describeType, type Problem } from './causes';

export type RemovalResult =
  | { kind: 'gone' }
  | { kind: 'working'; current: string; requeueAfterMs: number };

/** Deletions that fail before what cannot be deleted is left behind and swept later. */
const ATTEMPTS_BEFORE_FORCE = 3;
const POLL_MS = 8000;
const SHARE_MS = 400;
const RETRY_MS = 15_000;

/** Looks at a stack, and takes one step toward its end. */
export async function removeStack(
  step: Step,
  stack: StackState | undefined,
  title: string,
): Promise<RemovalResult> {
  const { cloudFormation, fleet } = step.aws;
  if (!stack) return { kind: 'gone' };
  if (isBusy(stack.status)) {
    const busy = await fleet.countBusy();
    const requeueAfterMs = Math.max(POLL_MS, busy * SHARE_MS);
    return { kind: 'working', current: `Removing ${title}`, requeueAfterMs };
  }
  const hasFailed = stack.status === 'DELETE_FAILED';
  const failures = hasFailed ? await countFailures(step, stack) : undefined;
  const force = (failures?.count ?? 0) >= ATTEMPTS_BEFORE_FORCE;

  step.signal.throwIfAborted();
  if (stack.protected) await cloudFormation.protect(stack.name, false);
  await cloudFormation.delete(stack.name, { force });
  fleet.forget();
  if (failures) tellBlockers(step, title, failures.blockers, force);
  else note(step, 'RemovalStarted', `AWS is asked to remove ${title}.`);
  return {
    kind: 'working',
    current: `Removing ${title}`,
    requeueAfterMs: hasFailed ? RETRY_MS : POLL_MS,
  };
}

/** What could not be deleted the last time, and how often that was tried. */
async function countFailures(
  { aws }: Step,
  stack: StackState,
): Promise<{ count: number; blockers: StackEventRecord[] }> {
  const events = await aws.cloudFormation.allEvents(stack);
  const count = events.filter(
    ({ physicalId, status }) =>
      physicalId === stack.id && status === 'DELETE_FAILED',
  ).length;
  const last = events.findIndex(
    ({ physicalId, status }) =>
      physicalId === stack.id && status === 'DELETE_IN_PROGRESS',
  );
  const blockers = events
    .slice(0, last < 0 ? undefined : last)
    .filter(
      ({ physicalId, status }) =>
        physicalId !== stack.id && status === 'DELETE_FAILED',
    );
  return { count, blockers };
}

function tellBlockers(
  step: Step,
  title: string,
  blockers: StackEventRecord[],
  force: boolean,
) {
  const named = blockers
    .slice(0, 5)
    .map(
      ({ type, physicalId, reason }) =>
        `${describeType(type)} ${physicalId} (${reason.slice(0, 160)})`,
    )
    .join('; ');
  warn(
    step,
    'RemovalBlocked',
    force
      ? `AWS still cannot delete ${named}. The stack of ${title} is removed without it, and it is swept afterwards.`
      : `AWS could not delete ${named} of ${title}. It is tried again.`,
  );
}

/** A stop of a teardown, with what is in its way. */
export function blockedBy(remains: string[]): Problem {
  return {
    reason: 'RemainsFound',
    message: `These resources of the environment are still there: ${remains
      .slice(0, 10)
      .join(', ')}.`,
    nextAction:
      'Ask the platform team to delete them in the console; the teardown then ends by itself.',
  };
}
