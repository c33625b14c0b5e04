import type { EnvironmentStatus } from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  ObservedCondition,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import {
  convergeApplications,
  type Issuer,
} from '../applications/convergeApplications';
import { tendApplications } from '../applications/tendApplications';
import { whileItAnswers } from '../applications/whileItAnswers';
import type { StackState } from '../aws/stackRecords';
import type { EnvironmentApi, RuntimeStatus } from '../EnvironmentApi';
import { blueprintOf } from '../blueprints/blueprintOf';
import { stackName, TAG_BLUEPRINT } from '../names';
import type { Problem } from '../stacks/causes';
import {
  convergeStack,
  isForeign,
  isInForce,
  type StackResult,
} from '../stacks/convergeStack';
import { tellLimit } from '../stacks/operations';
import { planStack, type Sources } from '../stacks/parameters';
import { removeStack } from '../stacks/removeStack';
import { watchStack } from '../stacks/watchStack';
import { tellDrift } from './drift';
import { gatherSources } from './gatherSources';
import { settled, stopped, working } from './outcome';
import { reportServices } from './services';
import { type BuildStep, note } from './Step';

/** Tasks of a new deployment are looked at this often until they are healthy. */
const STARTING_POLL_MS = 8000;

/** Looks, and takes one step toward an environment that is as asked for. */
export async function converge(step: BuildStep): Promise<ReconcileOutcome> {
  const waiting = await waitForStacks(step);
  if (waiting) return waiting;

  const { cloudFormation } = step.aws;
  const { name, spec } = step.desired;
  const services = await cloudFormation.describe(stackName('services', name));
  if (spec.hibernated && services && !isForeign(step, services)) {
    return putToSleep(step, services);
  }
  const core = await cloudFormation.describe(stackName('core', name));
  const blueprint = blueprintOf(
    step.blueprints,
    { tier: spec.tier, vectorStore: step.aws.target.vectorStore },
    core && isForeign(step, core) ? undefined : core,
  );
  if (!blueprint) {
    const applications = await tendApplications(step, { core });
    return stopped(step, blueprintGone(core!), { applications });
  }
  return convergeStacks({ ...step, blueprint }, { core, services });
}

/** The base first: the services are made of its outputs. */
async function convergeStacks(
  step: BuildStep,
  { core, services }: { core?: StackState; services?: StackState },
): Promise<ReconcileOutcome> {
  const { spec } = step.desired;
  const sources = await gatherSources(step, core, { services });
  if ('reason' in sources) {
    const applications = await tendApplications(step, { core });
    return stopped(step, sources, { applications });
  }
  const coreResult = await convergeStack(
    step,
    planStack(step, 'core', sources),
    core,
    { isDemanded: !spec.hibernated && !hasServices(step, sources) },
  );
  if (coreResult.kind !== 'in-force') {
    const applications = await tendApplications(step, { core });
    return toOutcome(step, coreResult, { applications });
  }
  const fresh = { ...sources, core: coreResult.stack.outputs };
  if (spec.hibernated) return rest(step, fresh);
  return convergeServices(step, fresh, services);
}

/** Whether the services can stay as they are: today's template needs today's base. */
function hasServices(step: BuildStep, sources: Sources): boolean {
  const { services } = sources;
  return (
    services !== undefined &&
    isInForce(step, planStack(step, 'services', sources), services)
  );
}

function blueprintGone({ name, tags }: StackState): Problem {
  return {
    reason: 'BlueprintGone',
    message: `The stack ${name} was made with the blueprint ${tags[TAG_BLUEPRINT]}, which the portal does not have for its tier.`,
    nextAction:
      'Ask the platform team to bring back the version of the AWS module that has it.',
  };
}

/** While CloudFormation is at work there is nothing else to do, nor to ask. */
async function waitForStacks(
  step: BuildStep,
): Promise<ReconcileOutcome | undefined> {
  const { desired, aws, blueprint } = step;
  for (const kind of ['services', 'core'] as const) {
    const busy = await aws.fleet.findBusy(stackName(kind, desired.name));
    if (!busy) continue;
    const title = kind === 'core' ? 'the base' : 'the services';
    const plan = { title, blueprint: blueprint[kind] };
    return working(step, {
      ...(await watchStack(step, plan, busy)),
      applications: await tendApplications(step),
    });
  }
  return undefined;
}

async function convergeServices(
  step: BuildStep,
  sources: Sources,
  stack: StackState | undefined,
): Promise<ReconcileOutcome> {
  const { desired } = step;
  const issuer = {
    userPoolId: sources.core.UserPoolId,
    appSecretArn: sources.core.AppSecretArn,
  };
  // The tasks of the project's own app need its secret to start.
  const ownApp = desired.applications.filter(
    ({ kind }) => kind === 'project-app',
  );
  if (!stack && ownApp.length > 0) {
    await convergeApplications(step, issuer, ownApp);
  }
  const result = await convergeStack(
    step,
    planStack(step, 'services', sources),
    stack,
  );
  const outputs = outputsOf(step, sources);
  if (result.kind !== 'in-force') {
    // Callers come and go also while a change of the services does not succeed.
    const applications = await tendApplications(step, { core: sources.base });
    return toOutcome(step, result, { outputs, applications });
  }
  return settleServices(step, sources, {
    ...{ issuer, outputs },
    stack: result.stack,
  });
}

/** The stacks are as they shall be: health, then applications. */
async function settleServices(
  step: BuildStep,
  sources: Sources,
  known: {
    issuer: Issuer;
    outputs: EnvironmentStatus['outputs'];
    stack: StackState;
  },
): Promise<ReconcileOutcome> {
  const { issuer, outputs, stack } = known;
  const report = await reportServices(step, stack, sources);
  const { services, problem, isStarting } = report;
  if (isStarting && !problem) {
    return working(step, {
      current: 'Waiting for all services',
      ...{ outputs, services },
      applications: await tendApplications(step, { core: sources.base }),
      requeueAfterMs: STARTING_POLL_MS,
    });
  }
  const { applications: wanted, status } = step.desired;
  const api = step.apiOf(sources.core);
  const said = problem ? undefined : await readStatus(step, api);
  const applications = await convergeApplications(
    step,
    problem
      ? { ...issuer, api: whileItAnswers(api, step.logger) }
      : {
          ...{ ...issuer, api },
          tellAll: status.phase !== 'Ready',
          known: said?.applications.map(({ clientId }) => clientId),
        },
    wanted,
  );
  const found = { services, outputs, applications };
  if (problem) return stopped(step, problem, { ...found, inForce: true });
  return becomeReady(step, {
    ...{ ...found, missing: report.missing },
    outputs: said
      ? { ...outputs, runtime: { version: said.version, source: said.source } }
      : outputs,
  });
}

/** `undefined`: it does not say. What was known of it holds then. */
async function readStatus(
  step: BuildStep,
  api: EnvironmentApi,
): Promise<RuntimeStatus | undefined> {
  try {
    return await api.getStatus();
  } catch (error) {
    step.logger.warn(`${step.desired.name} does not say its status: ${error}`);
    return undefined;
  }
}

async function becomeReady(
  step: BuildStep,
  found: Pick<ReconcileOutcome, 'services' | 'outputs' | 'applications'> & {
    missing: ObservedCondition[];
  },
): Promise<ReconcileOutcome> {
  const { desired } = step;
  const { phase, observedGeneration } = desired.status;
  const isNews = phase !== 'Ready' || observedGeneration !== desired.generation;
  if (isNews) {
    note(
      step,
      'EnvironmentReady',
      `The environment answers at ${found.outputs.endpoint}.`,
    );
  }
  const { missing, ...seen } = found;
  return settled(step, {
    phase: 'Ready',
    ...seen,
    conditions: [...tellLimit(step), ...missing, ...(await tellDrift(step))],
  });
}

/** Hibernating: first what runs is taken away. */
async function putToSleep(
  step: BuildStep,
  services: StackState,
): Promise<ReconcileOutcome> {
  const removal = await removeStack(step, services, 'the services');
  if (removal.kind === 'gone') {
    return working(step, { current: 'Changing the base', requeueAfterMs: 0 });
  }
  const applications = await tendApplications(step);
  const found = { services: asleep(step), applications };
  return toOutcome(step, removal, found);
}

/** Hibernated: the data is kept, and nothing runs. */
async function rest(
  step: BuildStep,
  sources: Sources,
): Promise<ReconcileOutcome> {
  const applications = await convergeApplications(
    step,
    { userPoolId: sources.core.UserPoolId },
    step.desired.applications.filter(({ kind }) => kind !== 'project-app'),
  );
  if (step.desired.status.phase !== 'Hibernated') {
    note(
      step,
      'EnvironmentHibernated',
      'The environment runs nothing any more; its data and its address are kept.',
    );
  }
  return settled(step, {
    phase: 'Hibernated',
    conditions: await tellDrift(step),
    services: asleep(step),
    outputs: outputsOf(step, sources),
    applications,
  });
}

function asleep({ desired }: BuildStep) {
  return desired.spec.services.map(name => ({
    name,
    health: 'stopped' as const,
    message: 'The environment hibernates.',
  }));
}

function toOutcome(
  step: BuildStep,
  result: Exclude<StackResult, { kind: 'in-force' }>,
  found: Partial<
    Pick<ReconcileOutcome, 'outputs' | 'services' | 'applications'>
  > = {},
): ReconcileOutcome {
  if (result.kind === 'working') return working(step, { ...result, ...found });
  const { problem, requeueAfterMs } = result;
  return stopped(step, problem, { ...found, requeueAfterMs });
}

function outputsOf(
  { desired }: BuildStep,
  { core, appImage }: Sources,
): EnvironmentStatus['outputs'] {
  const endpoint = core.ApiEndpoint.replace(/\/$/, '');
  return {
    endpoint,
    tokenUrl: core.TokenUrl,
    issuer: core.IssuerUrl,
    ...(appImage && { appUrl: `${endpoint}/app/` }),
    ...(desired.spec.app?.repository && {
      repositoryUrl: desired.spec.app.repository,
    }),
    // As it said itself, while it could be asked.
    runtime: desired.status.outputs.runtime,
  };
}
