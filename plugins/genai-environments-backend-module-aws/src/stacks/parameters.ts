import { createHash } from 'node:crypto';
import type { OfferedModel } from '../aws/Bedrock';
import type { StackState } from '../aws/stackRecords';
import type {
  Blueprints,
  ParameterBlueprint,
  StackBlueprint,
} from '../blueprints/types';
import {
  stackName,
  TAG_BLUEPRINT,
  TAG_NAME,
  TAG_TIER,
  TAG_UID,
} from '../names';
import type { BuildStep } from '../reconcile/Step';
import { apiRevision } from './apiRevision';
import type { StackPlan } from './changeSet';
import { foundationModelArns } from './foundationModels';
import { assignSlots } from './modelSlots';
import { ecsServiceOf, restartedAt, tasksOf } from './operations';

/** What parameters are computed from. */
export type Sources = {
  /** Outputs of the core stack, once it is there. */
  core: Record<string, string>;
  models: OfferedModel[];
  /** Bedrock does not know one any more: what comes of models stays as the base has it. */
  keepsModels?: boolean;
  /** `''`: there is none yet. */
  appImage: string;
  /** That a project has pushed, where the target runs it. `''`: there is none. */
  servicesImage: string;
  /** The last change of the services failed at a place on the load balancer. */
  isPriorityTaken?: boolean;
  /** The core stack as it is. */
  base?: StackState;
  /** The services stack as it is. */
  services?: StackState;
};

const SERVICE_OF_PARAMETER: Record<string, string> = {
  RunsModelInvocation: 'model-invocation',
  RunsDocumentProcessing: 'document-processing',
  RunsVectorization: 'vectorization',
  RunsPromptManagement: 'prompt-management',
  RunsAdministration: 'administration',
};

const TITLES = { core: 'the base', services: 'the services' };

/** What one of the environment's two stacks shall be. */
export function planStack(
  step: BuildStep,
  kind: 'core' | 'services',
  sources: Sources,
): StackPlan {
  const { desired, blueprint, blueprints, foundation, aws } = step;
  const { name, uid } = desired;
  const stack = blueprint[kind];
  const parameters = resolveParameters(step, stack, sources);
  return {
    kind,
    name: stackName(kind, name),
    title: TITLES[kind],
    blueprint: stack,
    templateUrl: templateUrl(
      foundation.TemplateBucketName,
      aws.target.region,
      templateKey(blueprints, stack),
    ),
    parameters,
    tags: tagsOf(step, kind === 'core' ? sources.base : sources.services),
    // What changes without a wish of the owner: each push of the project.
    followed: sources.servicesImage
      ? ['AppImage', 'RuntimeImage']
      : ['AppImage'],
    changeSetName: `genai-${digest({ sha: stack.sha256, parameters, uid })}`,
  };
}

/**
 * Tags of a stack go to everything in it, and some of that cannot be tagged otherwise
 * without being made anew: they are what they were when it was created.
 */
function tagsOf(
  { desired, blueprint }: BuildStep,
  existing: StackState | undefined,
): Record<string, string> {
  if (existing && existing.status !== 'REVIEW_IN_PROGRESS') {
    return existing.tags;
  }
  const { name, uid, owner, spec } = desired;
  return {
    [TAG_NAME]: name,
    [TAG_UID]: uid,
    'genai:owner': owner,
    [TAG_TIER]: spec.tier,
    [TAG_BLUEPRINT]: blueprint.id,
  };
}

/** Where the platform team publishes a template, in the account's template bucket. */
export function templateKey(
  { version }: Pick<Blueprints, 'version'>,
  { sha256, template }: Pick<StackBlueprint, 'sha256' | 'template'>,
): string {
  return `${version}/${sha256}/${template}`;
}

function templateUrl(bucket: string, region: string, key: string): string {
  return `https://${bucket}.s3.${region}.amazonaws.com/${key}`;
}

/** Parameters without a source keep the template's default. */
function resolveParameters(
  step: BuildStep,
  stack: StackBlueprint,
  sources: Sources,
): Record<string, string> {
  const values = stack.parameters.map(parameter => [
    parameter.name,
    valueOf(step, parameter, sources) ?? parameter.default,
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function valueOf(
  step: BuildStep,
  parameter: ParameterBlueprint,
  sources: Sources,
): string | undefined {
  const { source } = parameter;
  switch (source.from) {
    case 'environment':
      return step.desired[source.field];
    case 'output':
      return source.stack === 'core'
        ? sources.core[source.output]
        : step.foundation[source.output];
    case 'target':
      return step.aws.target.settings[source.key];
    default:
      return computed(step, parameter.name, source.what, sources);
  }
}

function computed(
  step: BuildStep,
  name: string,
  what: string,
  sources: Sources,
): string | undefined {
  const { spec } = step.desired;
  const { models } = sources;
  switch (what) {
    case 'state':
      return spec.hibernated ? 'hibernated' : 'running';
    case 'model':
      return modelIn(step, name, sources);
    case 'models':
      return JSON.stringify(models.map(({ info }) => info.id));
    case 'textModel':
      return models.find(({ info }) => info.kind === 'text')?.info.id ?? '';
    case 'bedrockConfig':
      return JSON.stringify(bedrockConfig(step, sources));
    case 'foundationModelArns':
      return foundationModelArns(
        models.flatMap(model => model.foundationModelArns),
      ).join(',');
    case 'runtimeImage':
      return sources.servicesImage || runtimeImage(step);
    case 'appImage':
      return spec.services.includes('app') ? sources.appImage : '';
    case 'runsService':
      return String(runsService(spec.services, SERVICE_OF_PARAMETER[name]));
    case 'listenerPriority':
      return listenerPriority(step, name, sources);
    case 'apiRevision':
      return apiRevision(sources.base, {
        parameter: name,
        wanted: apiParameters(step, sources),
      });
    case 'tasks':
    case 'restartedAt':
      return operation(step, name, what);
    default:
      return undefined;
  }
}

/** What the API shall be made of. */
function apiParameters(
  step: BuildStep,
  sources: Sources,
): Record<string, string | undefined> {
  const { parameters, apiParameters: names } = step.blueprint.core;
  return Object.fromEntries(
    parameters
      .filter(({ name }) => names.includes(name))
      .map(each => [each.name, valueOf(step, each, sources) ?? each.default]),
  );
}

function operation(
  step: BuildStep,
  name: string,
  what: 'tasks' | 'restartedAt',
): string | undefined {
  const ecsService = ecsServiceOf(step, name);
  if (!ecsService) return undefined;
  return what === 'tasks'
    ? String(tasksOf(step, ecsService))
    : restartedAt(step, ecsService);
}

/** The administration always: the portal talks to it. */
function runsService(chosen: string[], service: string): boolean {
  return service === 'administration' || chosen.includes(service);
}

function bedrockConfig(step: BuildStep, { models, core, base }: Sources) {
  const slots = assignSlots(models, step.blueprint.core, base);
  return {
    region: step.aws.target.region,
    models: models.map(model => ({
      id: model.info.id,
      kind: model.info.kind,
      modelId: core[`${slots.get(model)}ProfileArn`],
      foundationModel: model.foundationModel,
    })),
  };
}

/** What the base's parameter of that name shall have. */
function modelIn(step: BuildStep, name: string, sources: Sources): string {
  const { models, base, keepsModels } = sources;
  if (keepsModels) return base?.parameters[name] ?? '';
  const slots = assignSlots(models, step.blueprint.core, base);
  return models.find(model => slots.get(model) === name)?.sourceArn ?? '';
}

/** Image of the runtime, while the project has pushed no services of its own. */
export function runtimeImage({
  aws,
  foundation,
  blueprints,
}: Pick<BuildStep, 'aws' | 'foundation' | 'blueprints'>): string {
  return (
    aws.target.runtimeImage ??
    `${foundation.RuntimeRepositoryUri}:${blueprints.version}`
  );
}

/**
 * Place of a sandbox on the shared load balancer, 1 to 50,000: what the stack has, or one
 * made from the uid, another for each attempt.
 */
function listenerPriority(
  { desired, failedAttempts }: BuildStep,
  parameter: string,
  { services, isPriorityTaken }: Sources,
): string {
  const isThere = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(
    services?.status ?? '',
  );
  const kept = isThere && !isPriorityTaken && services!.parameters[parameter];
  if (kept) return kept;
  const hash = createHash('sha256')
    .update(`${desired.uid}/${parameter}#${failedAttempts}`)
    .digest();
  return String((hash.readUInt32BE(0) % 50_000) + 1);
}

function digest(value: object): string {
  return createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
    .slice(0, 24);
}
