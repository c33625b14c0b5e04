import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  catalogEntityDeletePermission,
  catalogPermissions,
  catalogEntityCreatePermission,
  catalogEntityReadPermission,
  catalogEntityRefreshPermission,
  catalogEntityValidatePermission,
  catalogLocationAnalyzePermission,
  catalogLocationCreatePermission,
  catalogLocationReadPermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isPermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { Caller } from './caller';

/**
 * Registering is open to everyone because the scaffolder's `catalog:register` acts with
 * its initiator's rights; `catalog.rules` keeps users, groups and templates out of it.
 */
const OPEN_TO_EVERYONE: Permission[] = [
  catalogEntityReadPermission,
  catalogEntityRefreshPermission,
  catalogEntityValidatePermission,
  catalogEntityCreatePermission,
  catalogLocationReadPermission,
  catalogLocationCreatePermission,
  catalogLocationAnalyzePermission,
];

/** Decides on the catalog's permissions; `undefined` for all others. */
export function decideOnCatalog(
  permission: Permission,
  caller: Caller,
): PolicyDecision | undefined {
  if (!catalogPermissions.some(known => isPermission(permission, known))) {
    return undefined;
  }
  if (
    caller.isPlatform ||
    OPEN_TO_EVERYONE.some(open => isPermission(permission, open))
  ) {
    return { result: AuthorizeResult.ALLOW };
  }
  if (isPermission(permission, catalogEntityDeletePermission)) {
    return createCatalogConditionalDecision(
      permission,
      catalogConditions.isEntityOwner({ claims: caller.ownershipEntityRefs }),
    );
  }
  return { result: AuthorizeResult.DENY };
}
