import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { genaiEnvironmentCreatePermission } from '@genai-environments/backstage-plugin-genai-environments-common';
import { createEnvironmentRouteRef, ENVIRONMENT_TEMPLATE } from '../../routes';

/** Leads to the template's form; absent for users who may not create. */
export function CreateEnvironmentButton() {
  const templateRoute = useRouteRef(createEnvironmentRouteRef);
  const { allowed } = usePermission({
    permission: genaiEnvironmentCreatePermission,
  });
  if (!templateRoute || !allowed) return null;
  return (
    <LinkButton
      to={templateRoute(ENVIRONMENT_TEMPLATE)}
      color="primary"
      variant="contained"
    >
      Create Environment
    </LinkButton>
  );
}
