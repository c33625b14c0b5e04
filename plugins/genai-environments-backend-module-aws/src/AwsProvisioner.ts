import type { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
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
import { knownGrace } from './applications/grace';
import { SecretVault } from './applications/SecretVault';
import { tendApplications } from './applications/tendApplications';
import type { Timing } from './aws/Caller';
import type { TargetAws, TargetAwsOptions } from './aws/TargetAws';
import type { Blueprints } from './blueprints/types';
import type { AwsConfig } from './config';
import { EnvironmentApi } from './EnvironmentApi';
import { EnvironmentFinder } from './EnvironmentFinder';
import { explainSetup } from './errors';
import { logGroupsOf } from './logs/logGroups';
import { readLogs } from './logs/readLogs';
import { FOUNDATION_STACK } from './names';
import { planOnAws } from './plan/planOnAws';
import { converge } from './reconcile/converge';
import { stopped } from './reconcile/outcome';
import { lookFromAfar } from './reconcile/rest';
import { readFailedAttempts, type Step } from './reconcile/Step';
import { tearDown } from './reconcile/tearDown';
import { Targets } from './Targets';

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
  private readonly targets: Targets;
  private readonly finder: EnvironmentFinder;

  constructor(options: AwsProvisionerOptions) {
    const { config, credentialsOf, loadBlueprints, overrides } = options;
    this.options = options;
    this.timing = overrides?.timing ?? SYSTEM;
    this.targets = new Targets({
      ...{ targets: config.targets, credentialsOf, timing: this.timing },
      clientOptions: overrides?.clientOptions,
    });
    this.finder = new EnvironmentFinder({
      targets: this.targets,
      loadBlueprints,
    });
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
    const offered = await explainSetup(
      this.targets.get(region).bedrock.offered(),
    );
    return offered.filter(model => !model.isLegacy).map(({ info }) => info);
  }

  async plan(
    request: CreateEnvironmentRequest,
  ): ReturnType<Provisioner['plan']> {
    const aws = this.targets.get(request.region);
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
      isKnown: uid => this.finder.isKnown(uid),
    });
  }

  async reconcile(
    desired: DesiredEnvironment,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome> {
    context.signal.throwIfAborted();
    const aws = this.targets.get(desired.spec.region);
    this.finder.remember(desired.uid, aws.target.id);
    const step = this.newStep(desired, context, aws);
    if (desired.deletionRequested) {
      const outcome = await tearDown(step);
      aws.fleet.turns.forget(desired.uid);
      if (outcome.phase === 'Deleted') this.finder.forget(desired.uid);
      return outcome;
    }
    return (await lookFromAfar(step)) ?? this.build(step);
  }

  async takeSecret(
    environment: EnvironmentIdentity,
    application: { clientId: string; secretVersion: number },
  ): Promise<string> {
    const { clientId, secretVersion } = application;
    const aws = await this.finder.locate(environment);
    return new SecretVault(aws.secrets, environment).take(
      clientId,
      secretVersion,
    );
  }

  async getOpenApi(
    environment: EnvironmentIdentity,
  ): Promise<Record<string, unknown>> {
    const api = await explainSetup(this.apiOf(environment));
    return explainSetup(api.getOpenApi());
  }

  async getUsage(
    environment: EnvironmentIdentity,
    range: { from: string; to: string },
  ): Promise<UsageItem[]> {
    const api = await explainSetup(this.apiOf(environment));
    return explainSetup(api.getUsage(range));
  }

  async getLogs(
    environment: EnvironmentIdentity,
    request: Parameters<Provisioner['getLogs']>[1],
  ): Promise<LogPage> {
    const { name, uid } = environment;
    const home = await explainSetup(this.finder.findHome(environment));
    // Before there is a base nobody writes: the first target reads nothing.
    const { logs } = home?.aws ?? this.targets.get(this.targets.ids[0]);
    return explainSetup(
      readLogs({
        ...{ ...request, uid, logs, now: this.timing.now() },
        groups: home ? logGroupsOf(home.blueprint, name, request.service) : [],
      }),
    );
  }

  async shutdown(): Promise<void> {
    this.targets.close();
  }

  private async build(step: Step): Promise<ReconcileOutcome> {
    const { spec, uid } = step.desired;
    const { target, fleet } = step.aws;
    fleet.turns.note(uid);
    const foundation = await step.aws.findFoundation();
    if (!foundation) {
      const problem = {
        reason: 'AccountNotBootstrapped',
        message: `Account ${target.accountId} has no finished stack ${FOUNDATION_STACK} in ${target.region}.`,
        nextAction: 'Ask the platform team to bootstrap the account.',
      };
      return stopped(step, problem, {
        applications: await tendApplications(step),
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
      graces: knownGrace(desired),
      failedAttempts: readFailedAttempts(desired),
    };
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
    const base = await this.finder.findBase(environment);
    if (!base?.core.outputs.ApiEndpoint) {
      throw new NotFoundError(
        `Environment ${environment.name} has no API in AWS (yet).`,
      );
    }
    return this.newApi(base.aws, base.core.outputs);
  }
}
