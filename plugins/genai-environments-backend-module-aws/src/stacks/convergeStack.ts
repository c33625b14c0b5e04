import { isBusy, type StackState } from '../aws/stackRecords';
import { TAG_UID } from '../names';
import { type BuildStep, note, warn } from '../reconcile/Step';
import { MAX_BUSY_STACKS, waitForOthers } from './busy';
import { findCause, type Problem } from './causes';
import {
  findChangeSet,
  isNew,
  stepChangeSet,
  type StackPlan,
} from './changeSet';
import { emptyStack } from './emptyStack';
import { removeStack } from './removeStack';
import { watchStack, type WatchResult } from './watchStack';

export type StackResult =
  | { kind: 'in-force'; stack: StackState }
  | ({ kind: 'working' } & WatchResult)
  | { kind: 'stopped'; problem: Problem; requeueAfterMs: number };

/** Failures that may pass are tried again at once, so often. */
const QUICK_ATTEMPTS = 3;
const SLOW_RETRY_MS = 30 * 60_000;
const CHANGE_SET_POLL_MS = 3000;

/** Of these, only what somebody began to delete has ever been finished. */
const FAILED_CREATION = new Set([
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'CREATE_FAILED',
  'DELETE_FAILED',
]);

/**
 * Looks at one stack, and takes one step toward what it shall be.
 *
 * @param options.isDemanded a newer blueprint is a reason to change it
 */
export async function convergeStack(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
  options: { isDemanded?: boolean } = {},
): Promise<StackResult> {
  if (stack && isForeign(step, stack)) return foreign(stack);
  if (stack && isBusy(stack.status)) {
    return { kind: 'working', ...(await watchStack(step, plan, stack)) };
  }
  if (stack && FAILED_CREATION.has(stack.status)) {
    return stack.status === 'DELETE_FAILED' && holdsData(step, plan)
      ? damaged(stack)
      : replaceFailed(step, plan, stack);
  }
  if (stack?.status === 'UPDATE_ROLLBACK_FAILED') {
    return unblockRollback(step, plan, stack);
  }
  if (stack && isComplete(stack) && isInForce(step, plan, stack, options)) {
    await protect(step, stack);
    tellDone(step, plan);
    return { kind: 'in-force', stack };
  }
  if (stack?.status === 'UPDATE_ROLLBACK_COMPLETE') {
    const wait = await weighUpdate(step, plan, stack);
    if (wait) return wait;
  }
  return change(step, plan, stack);
}

/** The base of an environment that was Ready: nothing but a teardown may remove it. */
function holdsData({ desired }: BuildStep, { kind }: StackPlan): boolean {
  return kind === 'core' && desired.status.observedGeneration > 0;
}

function damaged({ name, status }: StackState): StackResult {
  return stop(
    {
      reason: 'BaseDamaged',
      message: `The stack ${name} is in state ${status}: somebody began to delete it. Its data may still be there, so the portal leaves it alone.`,
      nextAction:
        'Ask the platform team to look at the stack in the console; tear the environment down if it cannot be saved.',
    },
    SLOW_RETRY_MS / 6,
  );
}

/**
 * Whether the stack has what the plan asks for. A newer blueprint alone is no reason to
 * touch an environment: it comes with the next change that its owner asks for.
 */
export function isInForce(
  { desired }: Pick<BuildStep, 'desired'>,
  plan: StackPlan,
  stack: StackState,
  { isDemanded = false }: { isDemanded?: boolean } = {},
): boolean {
  const isSettled = desired.status.observedGeneration === desired.generation;
  const differs = Object.entries(plan.parameters)
    .filter(([name, value]) => stack.parameters[name] !== value)
    .map(([name]) => name);
  if (isSettled && !isDemanded) {
    return !differs.some(
      name => plan.followed.includes(name) && name in stack.parameters,
    );
  }
  return differs.length === 0 && isMadeBy(plan, stack);
}

/** Where the name of what was executed last does not say it, a change set will. */
function isMadeBy(
  { changeSetName }: StackPlan,
  { status, changeSetId = '' }: StackState,
): boolean {
  return (
    status !== 'UPDATE_ROLLBACK_COMPLETE' &&
    changeSetId.includes(`:changeSet/${changeSetName}-`)
  );
}

async function change(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState | undefined,
): Promise<StackResult> {
  const creates = isNew(stack);
  if (creates && (await step.aws.fleet.countBusy()) >= MAX_BUSY_STACKS) {
    return waitForOthers(`Creating ${plan.title}`);
  }
  const result = await stepChangeSet(step, plan, stack);
  if (result.kind === 'nothing') return { kind: 'in-force', stack: stack! };
  if (result.kind === 'refused') {
    return {
      kind: 'stopped',
      problem: result.problem,
      requeueAfterMs: SLOW_RETRY_MS / 6,
    };
  }
  if (!stack && holdsData(step, plan)) {
    warn(
      step,
      'BaseMissing',
      'The base of the environment was deleted past the portal. It is created anew, without the data it had.',
    );
  }
  return {
    kind: 'working',
    current: `${creates ? 'Creating' : 'Changing'} ${plan.title}`,
    requeueAfterMs: CHANGE_SET_POLL_MS,
  };
}

/** A stack whose creation failed can only be deleted; then it is tried again. */
async function replaceFailed(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState,
): Promise<StackResult> {
  const isDeletion = stack.status === 'DELETE_FAILED';
  const obstacle =
    !isDeletion && (await weighRetry(step, plan, stack, 'creation'));
  if (obstacle) return obstacle;
  step.signal.throwIfAborted();
  if (stack.status !== 'ROLLBACK_COMPLETE') await emptyStack(step, stack);
  const removal = await removeStack(step, stack, plan.title);
  if (removal.kind === 'stopped') return removal;
  return {
    kind: 'working',
    current: `Removing ${plan.title}, to create it again`,
    requeueAfterMs: removal.kind === 'working' ? removal.requeueAfterMs : 0,
  };
}

/** A change that was rolled back: `undefined` when it shall be tried (again). */
async function weighUpdate(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState,
): Promise<StackResult | undefined> {
  const begun = await findChangeSet(step, plan, stack);
  return begun ? undefined : weighRetry(step, plan, stack, 'change');
}

/**
 * After a failure: once more at once when it may pass, every half hour otherwise; and at
 * once when what failed is not what is asked for now.
 */
async function weighRetry(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState,
  what: 'creation' | 'change',
): Promise<StackResult | undefined> {
  const events = await step.aws.cloudFormation.lastEvents(stack);
  const wasTried = events.some(({ token }) =>
    token?.startsWith(plan.changeSetName),
  );
  if (!wasTried) return undefined;

  const cause = findCause(events, stack.id, `The ${what} of ${plan.title}`);
  const attempt = step.failedAttempts + 1;
  const dueAt = stack.changedAt + SLOW_RETRY_MS;
  const isQuick = cause.passes && attempt < QUICK_ATTEMPTS;
  if (!isQuick && step.now() < dueAt) {
    return stop(cause, Math.max(60_000, dueAt - step.now()));
  }
  step.failedAttempts = attempt;
  warn(step, cause.reason, `${cause.message} It is tried again.`);
  return undefined;
}

function stop(problem: Problem, requeueAfterMs: number): StackResult {
  const { reason, message, nextAction } = problem;
  return {
    kind: 'stopped',
    problem: { reason, message, nextAction },
    requeueAfterMs,
  };
}

async function unblockRollback(
  step: BuildStep,
  plan: StackPlan,
  stack: StackState,
): Promise<StackResult> {
  const attempt = step.failedAttempts + 1;
  if (attempt > QUICK_ATTEMPTS) {
    const events = await step.aws.cloudFormation.lastEvents(stack);
    const what = `The change of ${plan.title}`;
    return stop(findCause(events, stack.id, what), SLOW_RETRY_MS);
  }
  step.failedAttempts = attempt;
  await step.aws.cloudFormation.continueRollback(stack.name);
  step.aws.fleet.forget();
  note(
    step,
    'RollbackContinued',
    `The change of ${plan.title} could not be undone; AWS is asked to try again.`,
  );
  return {
    kind: 'working',
    current: `Undoing the change of ${plan.title}`,
    requeueAfterMs: 10_000,
  };
}

/** Once: when the last outcome was still waiting for it. */
function tellDone(step: BuildStep, plan: StackPlan) {
  const current = step.desired.status.progress?.currentStep ?? '';
  const [, verb] =
    new RegExp(`^(Creating|Changing) ${plan.title}`).exec(current) ?? [];
  if (!verb) return;
  note(
    step,
    verb === 'Creating' ? 'StackCreated' : 'StackChanged',
    `AWS has finished ${verb.toLowerCase()} ${plan.title}.`,
  );
}

function isComplete({ status }: StackState): boolean {
  return status.endsWith('_COMPLETE');
}

async function protect(step: BuildStep, stack: StackState): Promise<void> {
  if (stack.protected || !stack.name.endsWith('-core')) return;
  step.signal.throwIfAborted();
  await step.aws.cloudFormation.protect(stack.name, true);
  stack.protected = true;
}

export function isForeign(
  { desired }: Pick<BuildStep, 'desired'>,
  stack: StackState,
): boolean {
  // A stack in review has no tags yet; its change set has.
  if (stack.status === 'REVIEW_IN_PROGRESS') return false;
  return stack.tags[TAG_UID] !== desired.uid;
}

function foreign(stack: StackState): StackResult {
  return {
    kind: 'stopped',
    problem: {
      reason: 'NameTaken',
      message: `The account has a stack ${stack.name} that does not belong to this environment.`,
      nextAction:
        'Ask the platform team whether it can be deleted, or create the environment under another name.',
    },
    requeueAfterMs: SLOW_RETRY_MS / 6,
  };
}
