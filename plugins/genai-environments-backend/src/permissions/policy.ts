import {
  AuthorizeResult,
  isResourcePermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  genaiApplicationAdministerPermission,
  genaiApplicationManagePermission,
  genaiApplicationReadPermission,
  genaiCredentialRevealPermission,
  genaiEnvironmentCreatePermission,
  genaiEnvironmentDeletePermission,
  genaiEnvironmentReadPermission,
  genaiEnvironmentUpdatePermission,
  genaiFleetReadPermission,
  genaiLogReadPermission,
  RESOURCE_TYPE_GENAI_ENVIRONMENT,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  createGenaiEnvironmentConditionalDecision,
  genaiEnvironmentConditions,
  toOwner,
} from './rules';

const PREFIX = 'genai.';

const everybody = names(
  genaiEnvironmentReadPermission,
  genaiEnvironmentCreatePermission,
  genaiApplicationReadPermission,
);
const platform = names(
  genaiEnvironmentUpdatePermission,
  genaiEnvironmentDeletePermission,
  genaiFleetReadPermission,
);
const owners = names(
  genaiEnvironmentUpdatePermission,
  genaiEnvironmentDeletePermission,
  genaiApplicationManagePermission,
  genaiApplicationAdministerPermission,
  genaiCredentialRevealPermission,
  genaiLogReadPermission,
);

/** Answers the permissions of GenAI Environments; `undefined` for all others. */
export type GenaiEnvironmentsPolicy = (
  request: PolicyQuery,
  user?: PolicyQueryUser,
) => PolicyDecision | undefined;

/**
 * The recommended policy, to be called first from a portal's own `PermissionPolicy`:
 *
 * - every signed-in user may see environments and applications, and create
 *   environments (the backend checks that they belong to the owner they name);
 * - owners change and tear down their environments, manage applications, also those that
 *   set limits, reveal secrets, and read logs;
 * - members of `platformGroups` see the fleet, and change and tear down any
 *   environment, but reveal no secret and read no log of others: it may hold what the
 *   users of a project said;
 * - everything else that begins with `genai.` is denied.
 */
export function createGenaiEnvironmentsPolicy(options: {
  /** Full entity references, e.g. `group:default/platform`. */
  platformGroups: string[];
}): GenaiEnvironmentsPolicy {
  const platformGroups = new Set(options.platformGroups.map(toOwner));

  return ({ permission }, user) => {
    if (!permission.name.startsWith(PREFIX)) return undefined;
    if (!user) return { result: AuthorizeResult.DENY };
    if (everybody.has(permission.name)) {
      return { result: AuthorizeResult.ALLOW };
    }
    const claims = user.info.ownershipEntityRefs.map(toOwner);
    if (
      platform.has(permission.name) &&
      claims.some(claim => platformGroups.has(claim))
    ) {
      return { result: AuthorizeResult.ALLOW };
    }
    if (
      owners.has(permission.name) &&
      isResourcePermission(permission, RESOURCE_TYPE_GENAI_ENVIRONMENT)
    ) {
      return createGenaiEnvironmentConditionalDecision(
        permission,
        genaiEnvironmentConditions.isOwner({ claims }),
      );
    }
    return { result: AuthorizeResult.DENY };
  };
}

function names(...permissions: Permission[]): Set<string> {
  return new Set(permissions.map(({ name }) => name));
}
