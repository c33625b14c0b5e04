import type { PermissionsService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  BasicPermission,
  PermissionCriteria,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
  PermissionRuleset,
} from '@backstage/plugin-permission-node';
import {
  Environment,
  genaiEnvironmentReadPermission,
  RESOURCE_TYPE_GENAI_ENVIRONMENT,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentFilter } from '../database/filter';
import type { Caller } from './Caller';

/** A permission that concerns one environment. */
export type EnvironmentPermission = ResourcePermission<
  typeof RESOURCE_TYPE_GENAI_ENVIRONMENT
>;

/** Which environments a caller may see: all, none, or those that meet criteria. */
export type Visibility =
  | { kind: 'all' | 'none' }
  | { kind: 'some'; criteria: PermissionCriteria<EnvironmentFilter> };

/** Asks the portal's permission policy. */
export class EnvironmentAuthorizer {
  private readonly permissions: PermissionsService;
  private readonly isMet: (
    decision: PolicyDecision,
    environment: Environment,
  ) => boolean;
  private readonly toFilter: ReturnType<
    typeof createConditionTransformer<EnvironmentFilter>
  >;

  constructor(options: {
    permissions: PermissionsService;
    ruleset: PermissionRuleset<
      Environment,
      EnvironmentFilter,
      typeof RESOURCE_TYPE_GENAI_ENVIRONMENT
    >;
  }) {
    this.permissions = options.permissions;
    const isMet = createConditionAuthorizer(options.ruleset);
    this.isMet = (decision, environment) => isMet(decision, environment);
    this.toFilter = createConditionTransformer(options.ruleset);
  }

  /** One answer per permission, from one question to the policy. */
  async areAllowed(
    { credentials }: Caller,
    permissions: EnvironmentPermission[],
    environment: Environment,
  ): Promise<boolean[]> {
    const decisions = await this.permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    return decisions.map(decision => this.isMet(decision, environment));
  }

  async isAllowedBasic(
    { credentials }: Caller,
    permission: BasicPermission,
  ): Promise<boolean> {
    const [{ result }] = await this.permissions.authorize([{ permission }], {
      credentials,
    });
    return result === AuthorizeResult.ALLOW;
  }

  async visibility({ credentials }: Caller): Promise<Visibility> {
    const [decision] = await this.permissions.authorizeConditional(
      [{ permission: genaiEnvironmentReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.CONDITIONAL) {
      return { kind: 'some', criteria: this.toFilter(decision.conditions) };
    }
    return { kind: decision.result === AuthorizeResult.ALLOW ? 'all' : 'none' };
  }
}
