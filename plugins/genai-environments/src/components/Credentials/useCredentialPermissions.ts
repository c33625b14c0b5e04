import {
  genaiApplicationManagePermission,
  genaiCredentialRevealPermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { usePermission } from '@backstage/plugin-permission-react';

/** What the signed-in user may do with the applications of an environment. */
export type CredentialPermissions = {
  loading: boolean;
  canManage: boolean;
  canReveal: boolean;
};

export function useCredentialPermissions(name: string): CredentialPermissions {
  const manage = usePermission({
    permission: genaiApplicationManagePermission,
    resourceRef: name,
  });
  const reveal = usePermission({
    permission: genaiCredentialRevealPermission,
    resourceRef: name,
  });
  return {
    loading: manage.loading || reveal.loading,
    canManage: manage.allowed,
    canReveal: reveal.allowed,
  };
}
