import type { StackState, StackSummary } from '../aws/stackRecords';
import { type BuildStep, note } from '../reconcile/Step';
import type { StackPlan } from './changeSet';
import { readProgress, tellCompleted } from './progress';

export type WatchResult = {
  current: string;
  progress?: { completedSteps: number; totalSteps: number };
  requeueAfterMs: number;
};

const POLL_MS = 8000;
/** What each watched stack may add to the interval of all, so that rates are kept. */
const SHARE_MS = 400;

/** Tells how far an operation under way is. */
export async function watchStack(
  step: BuildStep,
  plan: Pick<StackPlan, 'title' | 'blueprint'>,
  stack: Pick<StackState | StackSummary, 'id' | 'name' | 'status'>,
): Promise<WatchResult> {
  const { cloudFormation, fleet } = step.aws;
  const events = await cloudFormation.lastEvents(stack);
  const { completed, current } = readProgress(events, stack.id);
  const { progress } = step.desired.status;
  const headline = headlineOf(plan.title, stack.status);
  const known = progress?.currentStep.startsWith(headline)
    ? progress.completedSteps
    : 0;
  for (const message of tellCompleted(completed.slice(known))) {
    note(step, 'ResourceReady', message);
  }
  const detail = current ? `: ${current.logicalId}` : '';
  const busy = await fleet.countBusy();
  return {
    current: `${headline}${detail}`,
    progress: {
      completedSteps: completed.length,
      totalSteps: Math.max(completed.length, plan.blueprint.resourceCount),
    },
    requeueAfterMs: Math.max(POLL_MS, busy * SHARE_MS),
  };
}

/** `Creating the base`. */
function headlineOf(title: string, status: string): string {
  if (status.includes('ROLLBACK')) return `Undoing the change of ${title}`;
  if (status.startsWith('UPDATE')) return `Changing ${title}`;
  if (status.startsWith('DELETE')) return `Removing ${title}`;
  return `Creating ${title}`;
}
