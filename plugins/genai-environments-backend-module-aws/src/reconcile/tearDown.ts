import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { ObjectKept } from '../aws/Storage';
import { isBusy, type StackState } from '../aws/stackRecords';
import { secretPrefix, stackName, TAG_UID } from '../names';
import { isForeign } from '../stacks/convergeStack';
import { emptyStack } from '../stacks/emptyStack';
import {
  blockedBy,
  type RemovalResult,
  removeStack,
} from '../stacks/removeStack';
import { deleting, gone, stopped } from './outcome';
import { note, type Step } from './Step';
import { sweep } from './sweep';

const TOTAL_STEPS = 4;
/** The last step takes away what was left. */
const SWEPT = { leavesBehind: true };

/**
 * Looks what is left and takes it away: the services, what would block the base, the
 * base, secrets, and whatever else carries the environment's tag. Nothing left is
 * `Deleted`, wherever creation or an earlier teardown had got to.
 */
export async function tearDown(step: Step): Promise<ReconcileOutcome> {
  try {
    return await removeAll(step);
  } catch (error) {
    if (!(error instanceof ObjectKept)) throw error;
    return stopped(step, {
      reason: 'DataLocked',
      message: `${error.message}.`,
      nextAction:
        'Ask the platform team to end what keeps it; the teardown then goes on by itself.',
    });
  }
}

async function removeAll(step: Step): Promise<ReconcileOutcome> {
  const { name } = step.desired;
  const services = await findOwn(step, stackName('services', name));
  const first = await removeStack(step, services, 'the services', SWEPT);
  if (first.kind !== 'gone') return continueLater(step, first, 0);

  const core = await findOwn(step, stackName('core', name));
  if (core && !isBusy(core.status) && !(await emptyStack(step, core))) {
    return continueLater(
      step,
      { kind: 'working', current: 'Removing the data', requeueAfterMs: 0 },
      1,
    );
  }
  const second = await removeStack(step, core, 'the base', SWEPT);
  if (second.kind !== 'gone') return continueLater(step, second, 2);

  await removeSecrets(step);
  return endWith(step, await findRemains(step));
}

/** A stack of that name which belongs to the environment. */
async function findOwn(
  step: Step,
  name: string,
): Promise<StackState | undefined> {
  const stack = await step.aws.cloudFormation.describe(name);
  return stack && isForeign(step, stack) ? undefined : stack;
}

async function removeSecrets({ aws, desired, signal }: Step): Promise<void> {
  for (const name of await aws.secrets.list(secretPrefix(desired))) {
    signal.throwIfAborted();
    await aws.secrets.delete(name);
  }
}

async function findRemains(step: Step): Promise<string[]> {
  const { aws, desired } = step;
  const tagged = await aws.account.findTagged(TAG_UID, desired.uid);
  return sweep(step, tagged);
}

function endWith(step: Step, remains: string[]): ReconcileOutcome {
  if (remains.length > 0) {
    return {
      ...stopped(step, blockedBy(remains)),
      services: [],
      outputs: {},
    };
  }
  if (step.desired.status.phase !== 'Deleted') {
    note(
      step,
      'EverythingRemoved',
      'Nothing of the environment is left in AWS.',
    );
  }
  return gone(step);
}

function continueLater(
  step: Step,
  removal: Exclude<RemovalResult, { kind: 'gone' }>,
  completedSteps: number,
): ReconcileOutcome {
  if (removal.kind === 'stopped') {
    return stopped(step, removal.problem, removal);
  }
  return deleting(step, {
    ...removal,
    progress: { completedSteps, totalSteps: TOTAL_STEPS },
  });
}
