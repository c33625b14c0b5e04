import type {
  CreateEnvironmentRequest,
  Plan,
  PlanProblem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { TargetAws } from '../aws/TargetAws';
import type { Blueprints, EnvironmentBlueprint } from '../blueprints/types';
import { AwsCallError, toPeople } from '../errors';
import { FOUNDATION_STACK, stackName, TAG_UID } from '../names';
import { findSettingFaults } from '../settings';
import { describeType } from '../stacks/causes';
import { runtimeImage, templateKey } from '../stacks/parameters';
import { findMissingImage } from './findMissingImage';

/** As many inference profiles as the templates have. */
const MAX_MODELS = 10;

type Planned = Omit<Plan, 'expiresAt'>;

export type PlanContext = {
  aws: TargetAws;
  blueprints: Blueprints;
  /** Whether the portal itself has the environment of that uid. */
  isKnown: (uid: string) => boolean;
};

/** What creating the environment would make in AWS, and what is in the way. */
export async function planOnAws(
  request: CreateEnvironmentRequest,
  context: PlanContext,
): Promise<Planned> {
  const { aws, blueprints } = context;
  const { tier } = request;
  const { vectorStore } = aws.target;
  const blueprint = blueprints.find({ tier, vectorStore });
  return {
    problems: await findProblems(request, { ...context, blueprint }),
    resources: describeResources(blueprint),
    monthlyCost: {
      amount: blueprint.cost.idleMonthlyUsd,
      currency: 'USD',
      note: `${blueprint.cost.note} Hibernated it costs about ${blueprint.cost.hibernatedMonthlyUsd} USD.`,
    },
    perUse: blueprint.cost.perUse.map(({ usd, ...use }) => ({
      ...use,
      amount: usd,
    })),
  };
}

type Context = PlanContext & { blueprint: EnvironmentBlueprint };

async function findProblems(
  request: CreateEnvironmentRequest,
  context: Context,
): Promise<PlanProblem[]> {
  const problems: PlanProblem[] = reservedProblems(request);
  if (request.models.length > MAX_MODELS) {
    problems.push({
      path: 'models',
      code: 'invalid',
      message: `An environment on AWS can have at most ${MAX_MODELS} models; received ${request.models.length}.`,
    });
  }
  try {
    problems.push(...settingProblems(context));
    const account = await accountProblem(context);
    if (account) return [...problems, account];
    return [
      ...problems,
      ...(await networkProblems(request, context)),
      ...(await templateProblems(context)),
      ...(await imageProblems(context)),
      ...(await nameProblems(request, context)),
    ];
  } catch (error) {
    return [...problems, fromFailure(error)];
  }
}

/** Stacks and resources of the account's foundation are called so. */
function reservedProblems({ name }: CreateEnvironmentRequest): PlanProblem[] {
  if (!/^foundation(-|$)/.test(name)) return [];
  return [
    {
      path: 'name',
      code: 'invalid',
      message: `On AWS, "foundation" and names that begin with "foundation-" are those of what all environments of an account share. Choose another name than "${name}".`,
    },
  ];
}

/** Asks with the credentials that creating would use. */
async function accountProblem({
  aws,
}: Context): Promise<PlanProblem | undefined> {
  const { accountId, region } = aws.target;
  const actual = await aws.account.whoAmI();
  if (actual !== accountId) {
    return unavailable(
      `The portal's credentials for account ${accountId} belong to account ${actual}. Ask the platform team to correct the section "aws" of the portal's configuration.`,
    );
  }
  if (!(await aws.findFoundation())) {
    return unavailable(
      `Account ${accountId} is not prepared in ${region}: it has no finished stack ${FOUNDATION_STACK}. Ask the platform team to bootstrap it.`,
    );
  }
  return undefined;
}

/** The portal does not start with such: unless the blueprints came later than it. */
function settingProblems({ aws, blueprints }: Context): PlanProblem[] {
  return findSettingFaults(aws.target, blueprints).map(fault =>
    unavailable(`${fault} Ask the platform team.`),
  );
}

/** A rule of the template refuses it, too, in CloudFormation's words. */
async function networkProblems(
  { tier }: CreateEnvironmentRequest,
  { aws, blueprint }: Context,
): Promise<PlanProblem[]> {
  const { Nat } = (await aws.findFoundation())!;
  const needsNat = blueprint.core.parameters.some(
    ({ source }) =>
      source.from === 'output' &&
      source.stack === 'foundation' &&
      source.output === 'Nat',
  );
  if (!needsNat || Nat !== 'false') return [];
  const { accountId, region } = aws.target;
  return [
    {
      path: 'tier',
      code: 'unsupported-tier',
      message: `Tier "${tier}" needs the NAT gateway of account ${accountId} in ${region}, whose stack ${FOUNDATION_STACK} has none (Nat is false). Choose tier isolated, or ask the platform team to run aws:bootstrap with --nat true.`,
    },
  ];
}

async function templateProblems({
  aws,
  blueprints,
  blueprint,
}: Context): Promise<PlanProblem[]> {
  const { TemplateBucketName } = (await aws.findFoundation())!;
  for (const stack of [blueprint.core, blueprint.services]) {
    const key = templateKey(blueprints, stack);
    if (await aws.storage.hasObject(TemplateBucketName, key)) continue;
    return [
      unavailable(
        `The blueprints of version ${blueprints.version} are not in the template bucket ${TemplateBucketName}. Ask the platform team to publish them.`,
      ),
    ];
  }
  return [];
}

/** Tasks need it also where projects push services of their own: until they do. */
async function imageProblems({
  aws,
  blueprints,
}: Context): Promise<PlanProblem[]> {
  const foundation = (await aws.findFoundation())!;
  const image = runtimeImage({ aws, blueprints, foundation });
  const missing = await findMissingImage(aws, image);
  if (!missing) return [];
  return [
    unavailable(
      `The image of the runtime, ${missing}, is not in the account's registry. Ask the platform team to push it: docker buildx build --file services/runtime/Dockerfile --platform linux/arm64 --tag ${missing} --push .`,
    ),
  ];
}

async function nameProblems(
  { name }: CreateEnvironmentRequest,
  { aws, isKnown }: Context,
): Promise<PlanProblem[]> {
  for (const kind of ['core', 'services'] as const) {
    const stack = await aws.cloudFormation.describe(stackName(kind, name));
    // Names of the portal's own environments are the backend's to guard.
    if (!stack || isKnown(stack.tags[TAG_UID])) continue;
    return [
      {
        path: 'name',
        code: 'name-taken',
        message: `Account ${aws.target.accountId} has a stack ${stack.name} in ${aws.target.region} already. Choose another name, or ask the platform team whether it can be deleted.`,
      },
    ];
  }
  return [];
}

function fromFailure(error: unknown): PlanProblem {
  if (!(error instanceof AwsCallError)) throw error;
  return unavailable(toPeople(error));
}

function unavailable(message: string): PlanProblem {
  return { path: '', code: 'unavailable', message };
}

function describeResources({
  core,
  services,
}: EnvironmentBlueprint): Plan['resources'] {
  const counts = new Map<string, number>();
  for (const stack of [core, services]) {
    for (const [type, count] of Object.entries(stack.resourcesByType)) {
      counts.set(type, (counts.get(type) ?? 0) + count);
    }
  }
  return [...counts].map(([type, count]) => ({
    type,
    name: `${count} ×`,
    description: describeType(type).replace(/^the /, ''),
  }));
}
