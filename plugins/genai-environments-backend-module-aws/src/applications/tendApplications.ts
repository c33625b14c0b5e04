import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { StackState } from '../aws/stackRecords';
import { isAbsence } from '../errors';
import { stackName } from '../names';
import type { Step } from '../reconcile/Step';
import { isForeign } from '../stacks/convergeStack';
import { convergeApplications } from './convergeApplications';
import { isGraceOver } from './grace';
import { whileItAnswers } from './whileItAnswers';

/**
 * Makes applications what they shall be while something else is under way or in the way:
 * who shuts out a client that leaked waits for no model, task or stack. Costs no call while
 * nothing is asked for.
 *
 * @param known the base, where it was looked at already
 * @returns what is in force; nothing where there is no base yet
 * @throws AwsCallError
 */
export async function tendApplications(
  step: Step,
  known?: { core?: StackState },
): Promise<ReconcileOutcome['applications']> {
  const { desired, aws } = step;
  if (desired.applicationsObserved && !isGraceOver(desired, step.now())) {
    return [];
  }
  const core = known
    ? known.core
    : await aws.cloudFormation.describe(stackName('core', desired.name));
  if (!core || !canHold(step, core)) return [];
  try {
    return await convergeApplications(
      step,
      {
        userPoolId: core.outputs.UserPoolId,
        appSecretArn: core.outputs.AppSecretArn,
        api: apiOf(step, core),
      },
      desired.applications,
    );
  } catch (error) {
    // What is left of a base that somebody began to delete may have no pool any more.
    if (!core.status.endsWith('_COMPLETE') && isAbsence(error)) return [];
    throw error;
  }
}

function canHold(step: Step, core: StackState): boolean {
  const isGoing =
    core.status === 'DELETE_IN_PROGRESS' ||
    (core.status === 'DELETE_FAILED' &&
      step.desired.status.observedGeneration === 0);
  return Boolean(core.outputs.UserPoolId) && !isForeign(step, core) && !isGoing;
}

/** Before it was ever Ready, and while it runs nothing, there is nobody to tell. */
function apiOf(step: Step, { outputs }: StackState) {
  const { status, spec } = step.desired;
  if (status.observedGeneration === 0 || spec.hibernated) return undefined;
  return whileItAnswers(step.apiOf(outputs), step.logger);
}
