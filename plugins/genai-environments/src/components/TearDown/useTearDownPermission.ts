import { usePermission } from '@backstage/plugin-permission-react';
import { genaiEnvironmentDeletePermission } from '@genai-environments/backstage-plugin-genai-environments-common';

/** Whether the signed-in user may tear an environment down, and what the menu says. */
export function useTearDownPermission(name: string) {
  const { allowed, loading } = usePermission({
    permission: genaiEnvironmentDeletePermission,
    resourceRef: name,
  });
  const title =
    allowed || loading ? 'Tear down' : 'Tear down (only its owners can)';
  return { allowed, title };
}
