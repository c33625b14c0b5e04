import type { UserInfoService } from '@backstage/backend-plugin-api';
import {
  CreateEnvironmentRequest,
  genaiEnvironmentCreatePermission,
  Limits,
  Plan,
  PlanProblem,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { Provisioner } from '@genai-environments/backstage-plugin-genai-environments-node';
import { LimitsConfig, lifetimeMs } from '../config';
import type { EnvironmentStore, Occupancy } from '../database/EnvironmentStore';
import { toOwner } from '../permissions/rules';
import { isSameTask } from './admission';
import { actorOf, Caller } from './Caller';
import type { EnvironmentAuthorizer } from './EnvironmentAuthorizer';
import type { ProvisionerRegistry } from './ProvisionerRegistry';

const HOUR_MS = 3_600_000;
const UNAVAILABLE = 'unavailable';

/** Finds out why a request would be refused. Creates nothing. */
export class Preflight {
  private readonly registry: ProvisionerRegistry;
  private readonly authorizer: EnvironmentAuthorizer;
  private readonly environments: EnvironmentStore;
  private readonly userInfo: UserInfoService;
  private readonly limits: LimitsConfig;
  private readonly now: () => number;

  constructor(options: {
    registry: ProvisionerRegistry;
    authorizer: EnvironmentAuthorizer;
    environments: EnvironmentStore;
    userInfo: UserInfoService;
    limits: LimitsConfig;
    now: () => number;
  }) {
    this.registry = options.registry;
    this.authorizer = options.authorizer;
    this.environments = options.environments;
    this.userInfo = options.userInfo;
    this.limits = options.limits;
    this.now = options.now;
  }

  /** What `POST /plan` answers: all problems at once, resources and cost. */
  async plan(request: CreateEnvironmentRequest, caller: Caller): Promise<Plan> {
    const { problems, resources, monthlyCost, perUse } = await this.examine(
      request,
      caller,
    );
    const occupancy = await this.environments.occupancy(request);
    const { holder } = occupancy;
    // A task that runs again must get past the plan to find its own environment.
    const taken =
      holder && isSameTask(holder, request, actorOf(caller))
        ? []
        : this.occupancyProblems(request, occupancy);
    const lifetime = request.expiresAfter ?? this.limits.defaultLifetime;
    return {
      problems: [...problems, ...taken],
      resources,
      ...{ monthlyCost, perUse },
      expiresAt: new Date(this.now() + lifetimeMs(lifetime)).toISOString(),
    };
  }

  /** Problems that do not depend on which other environments exist. */
  async examine(
    request: CreateEnvironmentRequest,
    caller: Caller,
  ): Promise<Omit<Plan, 'expiresAt'>> {
    const problems = [
      ...(await this.callerProblems(request, caller)),
      ...this.lifetimeProblems(request.expiresAfter),
    ];
    const nothing = {
      resources: [],
      monthlyCost: { amount: 0, currency: 'USD' },
    };
    const provisioner = this.registry.get(request.provisioner);
    if (!provisioner) {
      const message = this.registry.unknown(request.provisioner);
      problems.push({
        path: 'provisioner',
        code: 'unknown-provisioner',
        message,
      });
      return { problems, ...nothing };
    }
    try {
      const choices = await this.choiceProblems(request, provisioner);
      problems.push(...choices.problems);
      if (choices.problems.length > 0) {
        if (choices.obstacle) problems.push(choices.obstacle);
        return { problems, ...nothing };
      }
      const planned = await this.registry.ask(provisioner.id, () =>
        provisioner.plan(request),
      );
      problems.push(...planned.problems);
      // What keeps models from being listed is what the plan says, more closely.
      const isTold = planned.problems.some(({ code }) => code === UNAVAILABLE);
      if (choices.obstacle && !isTold) problems.push(choices.obstacle);
      return { ...planned, problems };
    } catch (error) {
      return { problems: [...problems, unavailable(error)], ...nothing };
    }
  }

  /** Models that the provisioner does not offer in the region. */
  async modelProblems(
    request: Pick<
      CreateEnvironmentRequest,
      'provisioner' | 'region' | 'models'
    >,
  ): Promise<PlanProblem[]> {
    const offered = await this.registry.listModels(request);
    const ids = new Set(offered.map(({ id }) => id));
    return request.models.flatMap((model, index): PlanProblem[] =>
      ids.has(model)
        ? []
        : [
            {
              path: `models.${index}`,
              code: 'unknown-model',
              message: `Model "${model}" is not offered by provisioner "${
                request.provisioner
              }" in region "${request.region}". ${oneOf(ids)}`,
            },
          ],
    );
  }

  lifetimeProblems(expiresAfter: string | undefined): PlanProblem[] {
    if (expiresAfter === undefined) return [];
    const path = 'expiresAfter';
    if (lifetimeMs(expiresAfter) < HOUR_MS) {
      const message = `Field "expiresAfter" must be at least PT1H; received "${expiresAfter}".`;
      return [{ path, code: 'invalid', message }];
    }
    if (lifetimeMs(expiresAfter) <= lifetimeMs(this.limits.maxLifetime)) {
      return [];
    }
    const message = `Field "expiresAfter" must be at most ${this.limits.maxLifetime}; received "${expiresAfter}". An environment can be extended before it expires.`;
    return [{ path, code: 'lifetime-exceeded', message }];
  }

  /** Problems with the environments that exist already. */
  occupancyProblems(
    request: Pick<CreateEnvironmentRequest, 'name' | 'owner'>,
    { holder, ownerCount, totalCount }: Occupancy,
  ): PlanProblem[] {
    const problems: PlanProblem[] = [];
    const { maxEnvironmentsPerOwner, maxEnvironments } = this.limits;
    if (holder) {
      const message =
        holder.deletion_requested_at === null
          ? `The name "${request.name}" is taken by another environment. Choose another name.`
          : `The environment "${request.name}" is still being torn down. Try again when it is gone, or choose another name.`;
      problems.push({ path: 'name', code: 'name-taken', message });
    }
    if (ownerCount >= maxEnvironmentsPerOwner) {
      const message = `${request.owner} has ${ownerCount} of at most ${maxEnvironmentsPerOwner} environments. Tear one down first, or ask the platform team for more.`;
      problems.push({ path: 'owner', code: 'quota-exceeded', message });
    }
    if (totalCount >= maxEnvironments) {
      const message = `This portal has ${totalCount} of at most ${maxEnvironments} environments. Ask the platform team for more.`;
      problems.push({ path: '', code: 'quota-exceeded', message });
    }
    return problems;
  }

  /** What the platform allows the caller. */
  async describeLimits(caller: Caller): Promise<Limits> {
    return {
      defaultLifetime: this.limits.defaultLifetime,
      maxLifetime: this.limits.maxLifetime,
      maxEnvironmentsPerOwner: this.limits.maxEnvironmentsPerOwner,
      owners: groupsFirst((await this.ownersOf(caller)) ?? []),
      publishTargets: this.limits.publishTargets,
    };
  }

  private async callerProblems(
    { owner }: CreateEnvironmentRequest,
    caller: Caller,
  ): Promise<PlanProblem[]> {
    const problems: PlanProblem[] = [];
    const permission = genaiEnvironmentCreatePermission;
    if (!(await this.authorizer.isAllowedBasic(caller, permission))) {
      const message = `You lack the permission ${permission.name}. Ask the platform team.`;
      problems.push({ path: '', code: 'not-permitted', message });
    }
    const owners = await this.ownersOf(caller);
    if (owners && !owners.includes(owner)) {
      const message = `You do not belong to ${owner}, so you cannot create an environment for it. ${oneOf(
        owners,
      )}`;
      problems.push({ path: 'owner', code: 'not-owner', message });
    }
    return problems;
  }

  /** `undefined`: a service with a token of its own, which may act for every owner. */
  private async ownersOf(caller: Caller): Promise<string[] | undefined> {
    if (caller.credentials.principal.type === 'service') return undefined;
    const info = await this.userInfo.getUserInfo(caller.credentials);
    return info.ownershipEntityRefs.map(toOwner);
  }

  /** `obstacle`: what keeps models from being listed, so that they may be right or wrong. */
  private async choiceProblems(
    request: CreateEnvironmentRequest,
    provisioner: Provisioner,
  ): Promise<{ problems: PlanProblem[]; obstacle?: PlanProblem }> {
    const { tiers, regions, services } = await this.registry.ask(
      provisioner.id,
      () => provisioner.getInfo(),
    );
    const problems: PlanProblem[] = [];
    if (!tiers.includes(request.tier)) {
      const message = `Tier "${request.tier}" is not offered by provisioner "${
        provisioner.id
      }". ${oneOf(tiers)}`;
      problems.push({ path: 'tier', code: 'unsupported-tier', message });
    }
    request.services.forEach((service, index) => {
      if (services.includes(service)) return;
      const message = `Service "${service}" is not offered by provisioner "${
        provisioner.id
      }". ${oneOf(services)}`;
      problems.push({
        path: `services.${index}`,
        code: 'unsupported-service',
        message,
      });
    });
    if (!regions.includes(request.region)) {
      const message = `Region "${
        request.region
      }" is not offered by provisioner "${provisioner.id}". ${oneOf(regions)}`;
      problems.push({ path: 'region', code: 'unknown-region', message });
      return { problems };
    }
    try {
      return {
        problems: [...problems, ...(await this.modelProblems(request))],
      };
    } catch (error) {
      return { problems, obstacle: unavailable(error) };
    }
  }
}

function unavailable(error: unknown): PlanProblem {
  const message = error instanceof Error ? error.message : String(error);
  return { path: 'provisioner', code: UNAVAILABLE, message };
}

function oneOf(values: Iterable<string>): string {
  const all = [...values];
  if (all.length === 0) return 'There is none to choose from.';
  const shown = all.slice(0, 10).join(', ');
  return `Choose one of: ${shown}${all.length > 10 ? ', …' : ''}.`;
}

/** Environments outlive people's interest: what belongs to a team comes first in forms. */
function groupsFirst(owners: string[]): string[] {
  const isGroup = (ref: string) => ref.startsWith('group:');
  return [...owners.filter(isGroup), ...owners.filter(ref => !isGroup(ref))];
}
