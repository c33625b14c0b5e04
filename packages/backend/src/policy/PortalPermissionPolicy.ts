import type { UserInfoService } from '@backstage/backend-plugin-api';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { createGenaiEnvironmentsPolicy } from '@genai-environments/backstage-plugin-genai-environments-backend';
import { decideOnCatalog } from './catalogPolicy';
import { decideOnScaffolder } from './scaffolderPolicy';

/** Members of this group run the platform. */
export const PLATFORM_GROUP = 'group:default/platform';

const DENY: PolicyDecision = { result: AuthorizeResult.DENY };

/**
 * Who may do what in this portal: signed-in users read and create, owners change and
 * remove, the platform group looks after everything. What no rule knows is denied.
 */
export class PortalPermissionPolicy implements PermissionPolicy {
  private readonly userInfo: UserInfoService;
  private readonly decideOnEnvironments = createGenaiEnvironmentsPolicy({
    platformGroups: [PLATFORM_GROUP],
  });

  constructor(options: { userInfo: UserInfoService }) {
    this.userInfo = options.userInfo;
  }

  async handle(
    request: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) return DENY;
    const info = await this.userInfo.getUserInfo(user.credentials);
    const caller = {
      ...info,
      isPlatform: info.ownershipEntityRefs.includes(PLATFORM_GROUP),
    };

    return (
      this.decideOnEnvironments(request, { ...user, info }) ??
      decideOnCatalog(request.permission, caller) ??
      decideOnScaffolder(request.permission, caller) ??
      DENY
    );
  }
}
