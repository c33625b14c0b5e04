import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  type CreateEnvironmentRequest,
  type LogPage,
  serviceNameSchema,
  tierSchema,
  type UsageItem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type {
  DesiredEnvironment,
  EnvironmentIdentity,
  Provisioner,
  ReconcileContext,
  ReconcileOutcome,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import type { AwsCredentialIdentityProvider } from '@aws-sdk/types';
import { randomBytes } from 'node:crypto';
import { SecretVault } from './applications/SecretVault';
import type { Timing } from './aws/Caller';
import type { StackState } from './aws/stackRecords';
import { TargetAws, type TargetAwsOptions } from './aws/TargetAws';
import { blueprintOf } from './blueprints/blueprintOf';
import type { Blueprints, EnvironmentBlueprint } from './blueprints/types';
import type { AwsConfig, Target } from './config';
import { EnvironmentApi } from './EnvironmentApi';
import { logGroupsOf } from './logs/logGroups';
import { readLogs } from './logs/readLogs';
import { FOUNDATION_STACK, stackName, TAG_TIER, TAG_UID } from './names';
import { planOnAws } from './plan/planOnAws';
import { converge } from './reconcile/converge';
import { stopped } from './reconcile/outcome';
import { lookFromAfar } from './reconcile/rest';
import { readFailedAttempts, type Step } from './reconcile/Step';
import { tearDown } from './reconcile/tearDown';

export type AwsProvisionerOptions = {
  config: AwsConfig;
  /** Credentials for an account; asked for when they are needed. */
  credentialsOf: (accountId: string) => AwsCredentialIdentityProvider;
  /** Read when they are needed. */
  loadBlueprints: () => Blueprints;
  logger: LoggerService;
  /** Replaces what is outside of the provisioner; for tests. */
  overrides?: {
    timing?: Timing;
    clientOptions?: TargetAwsOptions['clientOptions'];
    fetch?: typeof fetch;
  };
};

/** Where an environment is, and its stack that is there as long as it is. */
type Base = { aws: TargetAws; core: StackState };

const SYSTEM: Timing = {
  now: Date.now,
  sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
  random: Math.random,
};

/**
 * Runs environments in AWS accounts: two CloudFormation stacks each, and its applications
 * as clients of its Cognito user pool.
 *
 * Keeps no state that matters: the stacks, their tags and the names of clients say all.
 */
export class AwsProvisioner implements Provisioner {
  readonly id = 'aws';
  private readonly options: AwsProvisionerOptions;
  private readonly timing: Timing;
  private readonly targets = new Map<string, TargetAws>();
  /** Where environments were seen last: identities do not say it. */
  private readonly homes = new Map<string, string>();

  constructor(options: AwsProvisionerOptions) {
    this.options = options;
    this.timing = options.overrides?.timing ?? SYSTEM;
  }

  async getInfo(): ReturnType<Provisioner['getInfo']> {
    const { targets } = this.options.config;
    return {
      id: this.id,
      title: 'AWS',
      description:
        'ECS on Fargate, Bedrock and Cognito in an account of the platform team. Ready in three to six minutes.',
      tiers: tierSchema.options.filter(tier =>
        targets.some(({ tiers }) => tiers.includes(tier)),
      ),
      regions: targets.map(({ id }) => id),
      services: serviceNameSchema.options,
      canHibernate: true,
      canScale: true,
    };
  }

  async listModels({
    region,
  }: {
    region: string;
  }): ReturnType<Provisioner['listModels']> {
    const offered = await this.require(region).bedrock.offered();
    return offered.filter(model => !model.isLegacy).map(({ info }) => info);
  }

  async plan(
    request: CreateEnvironmentRequest,
  ): ReturnType<Provisioner['plan']> {
    const aws = this.require(request.region);
    const { tiers, id } = aws.target;
    if (!tiers.includes(request.tier)) {
      return {
        problems: [
          {
            path: 'tier',
            code: 'unsupported-tier',
            message: `Tier "${
              request.tier
            }" is not offered in "${id}"; choose ${tiers.join(' or ')}.`,
          },
        ],
        resources: [],
        monthlyCost: { amount: 0, currency: 'USD' },
      };
    }
    return planOnAws(request, {
      aws,
      blueprints: this.options.loadBlueprints(),
      isKnown: uid => this.homes.has(uid),
    });
  }

  async reconcile(
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome> {
    context.signal.throwIfAborted();
    const aws = this.require(desired.spec.region);
    this.homes.set(desired.uid, aws.target.id);
    const step = this.newStep(desired, context, aws);
    if (desired.deletionRequested) {
      const outcome = await tearDown(step);
      if (outcome.phase === 'Deleted') this.homes.delete(desired.uid);
      return outcome;
    }
    return (await lookFromAfar(step)) ?? this.build(step);
  }

  async takeSecret(
    environment: EnvironmentIdentity,
    application: { clientId: string; secretVersion: number },
  ): Promise<string> {
    const { clientId, secretVersion } = application;
    const aws = await this.locate(environment);
    return new SecretVault(aws.secrets, environment).take(
      clientId,
      secretVersion,
    );
  }

  async getOpenApi(
    environment: EnvironmentIdentity,
  ): Promise<Record<string, unknown>> {
    return (await this.apiOf(environment)).getOpenApi();
  }

  async getUsage(
    environment: EnvironmentIdentity,
    range: { from: string; to: string },
  ): Promise<UsageItem[]> {
    return (await this.apiOf(environment)).getUsage(range);
  }

  async getLogs(
    environment: EnvironmentIdentity,
    request: Parameters<Provisioner['getLogs']>[1],
  ): Promise<LogPage> {
    const { name, uid } = environment;
    const base = await this.findBase(environment);
    // Before there is a base nobody writes: the first target reads nothing.
    const aws = base?.aws ?? this.targetAws(this.options.config.targets[0]);
    return readLogs({
      ...{ ...request, uid, logs: aws.logs, now: this.timing.now() },
      groups: base
        ? logGroupsOf(this.blueprintOf(base), name, request.service)
        : [],
    });
  }

  async shutdown(): Promise<void> {
    for (const aws of this.targets.values()) aws.close();
    this.targets.clear();
  }

  private async build(step: Step): Promise<ReconcileOutcome> {
    const { spec } = step.desired;
    const { target } = step.aws;
    const foundation = await step.aws.findFoundation();
    if (!foundation) {
      return stopped(step, {
        reason: 'AccountNotBootstrapped',
        message: `Account ${target.accountId} has no finished stack ${FOUNDATION_STACK} in ${target.region}.`,
        nextAction: 'Ask the platform team to bootstrap the account.',
      });
    }
    const { tier } = spec;
    const { vectorStore } = target;
    const blueprint = step.blueprints.find({ tier, vectorStore });
    return converge({ ...step, blueprint, foundation });
  }

  private newStep(
    desired: DesiredEnvironment,
    { logger, signal }: ReconcileContext,
    aws: TargetAws,
  ): Step {
    const { config, loadBlueprints } = this.options;
    return {
      ...{ desired, aws, logger, signal },
      blueprints: loadBlueprints(),
      now: this.timing.now,
      secretRotationGraceMs: config.secretRotationGraceMs,
      apiOf: core => this.newApi(aws, core),
      newSecret: () => randomBytes(24).toString('hex'),
      events: [],
      failedAttempts: readFailedAttempts(desired),
    };
  }

  /** @throws InputError when configuration does not have the target (any more) */
  private require(id: string): TargetAws {
    const target = this.options.config.targets.find(item => item.id === id);
    if (!target) {
      throw new InputError(
        `Region "${id}" is not among genaiEnvironments.aws.targets of the portal's configuration. Ask the platform team to add it.`,
      );
    }
    return this.targetAws(target);
  }

  private targetAws(target: Target): TargetAws {
    const known = this.targets.get(target.id);
    if (known) return known;
    const { credentialsOf, overrides } = this.options;
    const aws = new TargetAws({
      target,
      credentials: credentialsOf(target.accountId),
      timing: this.timing,
      clientOptions: overrides?.clientOptions,
    });
    this.targets.set(target.id, aws);
    return aws;
  }

  /** @throws NotFoundError when no target has the environment */
  private async locate(environment: EnvironmentIdentity): Promise<TargetAws> {
    const aws = await this.find(environment);
    if (aws) return aws;
    throw new NotFoundError(
      `Environment ${environment.name} does not exist in AWS (yet).`,
    );
  }

  private async find(
    environment: EnvironmentIdentity,
  ): Promise<TargetAws | undefined> {
    const home = this.homes.get(environment.uid);
    if (home) return this.require(home);
    const failures: unknown[] = [];
    for (const target of this.options.config.targets) {
      try {
        const aws = this.targetAws(target);
        const core = await aws.cloudFormation.describe(
          stackName('core', environment.name),
        );
        if (core?.tags[TAG_UID] !== environment.uid) continue;
        this.homes.set(environment.uid, target.id);
        return aws;
      } catch (error) {
        // It may be in another one.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  private newApi(
    { secrets }: TargetAws,
    core: Record<string, string>,
  ): EnvironmentApi {
    return new EnvironmentApi({
      endpoint: core.ApiEndpoint,
      controlSecretArn: core.ControlSecretArn,
      secrets,
      fetch: this.options.overrides?.fetch ?? fetch,
    });
  }

  private async apiOf(
    environment: EnvironmentIdentity,
  ): Promise<EnvironmentApi> {
    const base = await this.findBase(environment);
    if (!base?.core.outputs.ApiEndpoint) {
      throw new NotFoundError(
        `Environment ${environment.name} has no API in AWS (yet).`,
      );
    }
    return this.newApi(base.aws, base.core.outputs);
  }

  /** `undefined` when no target has one of this environment. */
  private async findBase(
    environment: EnvironmentIdentity,
  ): Promise<Base | undefined> {
    const aws = await this.find(environment);
    const core = await aws?.cloudFormation.describe(
      stackName('core', environment.name),
    );
    return aws && core?.tags[TAG_UID] === environment.uid
      ? { aws, core }
      : undefined;
  }

  private blueprintOf({ aws, core }: Base): EnvironmentBlueprint {
    const blueprints = this.options.loadBlueprints();
    const choice = {
      tier: tierSchema.parse(core.tags[TAG_TIER]),
      vectorStore: aws.target.vectorStore,
    };
    return blueprintOf(blueprints, choice, core) ?? blueprints.find(choice);
  }
}
