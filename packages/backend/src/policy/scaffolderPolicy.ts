import {
  AuthorizeResult,
  isPermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createScaffolderTaskConditionalDecision,
  scaffolderTaskConditions,
} from '@backstage/plugin-scaffolder-backend/alpha';
import {
  actionExecutePermission,
  scaffolderPermissions,
  taskCancelPermission,
  taskCreatePermission,
  taskReadPermission,
  templateParameterReadPermission,
  templateStepReadPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import type { Caller } from './caller';

const OPEN_TO_EVERYONE: Permission[] = [
  actionExecutePermission,
  taskCreatePermission,
  templateParameterReadPermission,
  templateStepReadPermission,
];

/** Decides on the scaffolder's permissions; `undefined` for all others. */
export function decideOnScaffolder(
  permission: Permission,
  caller: Caller,
): PolicyDecision | undefined {
  if (!scaffolderPermissions.some(known => isPermission(permission, known))) {
    return undefined;
  }
  if (
    caller.isPlatform ||
    OPEN_TO_EVERYONE.some(open => isPermission(permission, open))
  ) {
    return { result: AuthorizeResult.ALLOW };
  }
  if (
    isPermission(permission, taskReadPermission) ||
    isPermission(permission, taskCancelPermission)
  ) {
    return createScaffolderTaskConditionalDecision(
      permission,
      scaffolderTaskConditions.isTaskOwner({
        createdBy: [caller.userEntityRef],
      }),
    );
  }
  return { result: AuthorizeResult.DENY };
}
