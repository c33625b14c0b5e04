import type { StackState } from '../aws/stackRecords';
import { findCause, PRIORITY_TAKEN, type Problem } from '../stacks/causes';
import type { Sources } from '../stacks/parameters';
import type { BuildStep } from './Step';

/** Tag of the image that a project's pipeline pushes. */
const APP_IMAGE_TAG = 'latest';
/** Tag of the image of a project's own services. */
const SERVICES_IMAGE_TAG = 'services';

/** What parameters are computed from, or why that cannot be known. */
export async function gatherSources(
  step: BuildStep,
  core: StackState | undefined,
  known: Pick<Sources, 'services'>,
): Promise<Sources | Problem> {
  const { desired, aws } = step;
  const offered = await aws.bedrock.offered();
  const models = desired.spec.models.map(id => ({
    id,
    model: offered.find(({ info }) => info.id === id),
  }));
  const missing = models.filter(({ model }) => !model).map(({ id }) => id);
  // What runs nothing needs no model: its base stays as it is, and can be changed.
  const keepsModels = missing.length > 0 && desired.spec.hibernated === true;
  if (missing.length > 0 && !keepsModels) {
    return {
      reason: 'ModelGone',
      message: `Bedrock does not offer ${missing.join(', ')} in ${
        aws.target.region
      } any more.`,
      nextAction: 'Change the models of the environment.',
    };
  }
  return {
    core: core?.outputs ?? {},
    base: core,
    isPriorityTaken: await isPriorityTaken(step, known.services),
    models: models.flatMap(({ model }) => model ?? []),
    keepsModels,
    appImage: desired.spec.services.includes('app')
      ? await findImage(step, core, APP_IMAGE_TAG)
      : '',
    servicesImage: aws.target.ownServices
      ? await findImage(step, core, SERVICES_IMAGE_TAG)
      : '',
    ...known,
  };
}

/** By its digest, so that each push is a change that is rolled out. `''`: none yet. */
async function findImage(
  { aws }: BuildStep,
  core: StackState | undefined,
  tag: string,
): Promise<string> {
  const repository = core?.outputs.AppRepositoryName;
  if (!repository) return '';
  const digest = await aws.storage.findImage(repository, tag);
  return digest ? `${core.outputs.AppRepositoryUri}@${digest}` : '';
}

/** A place that the services' stack keeps through changes may be the cause of a failure. */
async function isPriorityTaken(
  { aws, failedAttempts }: BuildStep,
  services: StackState | undefined,
): Promise<boolean> {
  const hasFailed = services?.status === 'UPDATE_ROLLBACK_COMPLETE';
  if (!hasFailed || failedAttempts === 0) return false;
  const events = await aws.cloudFormation.lastEvents(services);
  return findCause(events, services.id, '').reason === PRIORITY_TAKEN;
}
