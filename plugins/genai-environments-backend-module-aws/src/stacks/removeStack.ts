import {
  isBusy,
  type StackEventRecord,
  type StackState,
} from '../aws/stackRecords';
import { type Step, note, warn } from '../reconcile/Step';
import { MAX_BUSY_STACKS, waitForOthers } from './busy';
import { describeType, mayPass, type Problem } from './causes';

export type RemovalResult =
  | { kind: 'gone' }
  | { kind: 'working'; current: string; requeueAfterMs: number }
  /** Something does not go by itself. It is tried again nevertheless. */
  | { kind: 'stopped'; problem: Problem; requeueAfterMs: number };

/** Deletions that fail before what is in the way counts as lasting. */
const MAX_LASTING_FAILURES = 3;
const POLL_MS = 8000;
const SHARE_MS = 400;
/** After the first failure, the second, and all others: what holds on often lets go. */
const RETRY_AFTER_MS = [60_000, 180_000, 300_000];

/** Between tries that are not expected to help. */
const SLOW_RETRY_MS = 30 * 60_000;
/** A stop is looked at this often at least. */
const STOP_POLL_MS = 300_000;

/**
 * Looks at a stack, and takes one step toward its end.
 *
 * @param options.leavesBehind what cannot be deleted is left, because the caller sweeps it
 *   afterwards. Without, that is a stop: what no stack has is paid for unseen.
 */
export async function removeStack(
  step: Step,
  stack: StackState | undefined,
  title: string,
  options: { leavesBehind?: boolean } = {},
): Promise<RemovalResult> {
  const { fleet } = step.aws;
  if (!stack) return { kind: 'gone' };
  const busy = await fleet.countBusy();
  if (isBusy(stack.status)) {
    const requeueAfterMs = Math.max(POLL_MS, busy * SHARE_MS);
    return { kind: 'working', current: `Removing ${title}`, requeueAfterMs };
  }
  if (busy >= MAX_BUSY_STACKS) return waitForOthers(`Removing ${title}`);
  return stack.status === 'DELETE_FAILED'
    ? retry(step, stack, { title, ...options })
    : begin(step, stack, title);
}

async function begin(
  step: Step,
  stack: StackState,
  title: string,
): Promise<RemovalResult> {
  await requestDeletion(step, stack, false);
  note(step, 'RemovalStarted', `AWS is asked to remove ${title}.`);
  return {
    kind: 'working',
    current: `Removing ${title}`,
    requeueAfterMs: POLL_MS,
  };
}

async function retry(
  step: Step,
  stack: StackState,
  { title, leavesBehind = false }: { title: string; leavesBehind?: boolean },
): Promise<RemovalResult> {
  const failures = readFailures(
    await step.aws.cloudFormation.allEvents(stack),
    stack.id,
  );
  const [last] = failures;
  const lasting = failures.filter(({ isLasting }) => isLasting);
  const isLasting = lasting.length >= MAX_LASTING_FAILURES;
  const isStop = isLasting && !leavesBehind;
  const waitMs = isStop
    ? SLOW_RETRY_MS
    : RETRY_AFTER_MS[Math.min(failures.length, 3) - 1] ?? 0;
  const leftMs = (last?.at ?? 0) + waitMs - step.now();
  if (leftMs > 0 && isStop) {
    return {
      kind: 'stopped',
      problem: removalBlocked(title, last.blockers),
      requeueAfterMs: Math.min(leftMs, STOP_POLL_MS),
    };
  }
  if (leftMs > 0) {
    return {
      kind: 'working',
      current: `Waiting to remove ${title} once more`,
      requeueAfterMs: leftMs,
    };
  }
  const force = isLasting && leavesBehind;
  await requestDeletion(step, stack, force);
  // A stop has named them.
  if (!isStop) tellBlockers(step, title, last?.blockers ?? [], force);
  return {
    kind: 'working',
    current: `Removing ${title}`,
    requeueAfterMs: POLL_MS,
  };
}

async function requestDeletion(
  { aws, signal }: Step,
  stack: StackState,
  force: boolean,
): Promise<void> {
  const { cloudFormation, fleet } = aws;
  signal.throwIfAborted();
  if (stack.protected) await cloudFormation.protect(stack.name, false);
  await cloudFormation.delete(stack.name, { force });
  fleet.forget();
}

type Failure = {
  at: number;
  blockers: StackEventRecord[];
  /** What was in the way does not go by itself. */
  isLasting: boolean;
};

/** Deletions that failed, the last one first. `events` are newest first. */
function readFailures(events: StackEventRecord[], stackId: string): Failure[] {
  const failures: Failure[] = [];
  for (const { at, physicalId, status, ...event } of events) {
    const isOfStack = physicalId === stackId;
    if (isOfStack && status === 'DELETE_FAILED') {
      failures.push({ at, blockers: [], isLasting: true });
    } else if (status === 'DELETE_FAILED') {
      failures.at(-1)?.blockers.push({ at, physicalId, status, ...event });
    }
  }
  return failures.map(({ blockers, ...failure }) => ({
    ...{ ...failure, blockers },
    isLasting:
      !blockers.length || blockers.some(({ reason }) => !mayPass(reason)),
  }));
}

function tellBlockers(
  step: Step,
  title: string,
  blockers: StackEventRecord[],
  force: boolean,
) {
  const named = nameBlockers(blockers);
  warn(
    step,
    'RemovalBlocked',
    force
      ? `AWS still cannot delete ${named}. The stack of ${title} is removed without it, and it is swept afterwards.`
      : `AWS could not delete ${named} of ${title}. It is tried again.`,
  );
}

function nameBlockers(blockers: StackEventRecord[]): string {
  if (blockers.length === 0) return 'something it does not name';
  return blockers
    .slice(0, 5)
    .map(
      ({ type, physicalId, reason }) =>
        `${describeType(type)} ${physicalId} (${reason.slice(0, 160)})`,
    )
    .join('; ');
}

function removalBlocked(title: string, blockers: StackEventRecord[]): Problem {
  return {
    reason: 'RemovalBlocked',
    message: `AWS cannot delete ${nameBlockers(blockers)} of ${title}.`,
    nextAction:
      'Ask the platform team to end in the console what keeps it. It is tried again by itself every half hour.',
  };
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
