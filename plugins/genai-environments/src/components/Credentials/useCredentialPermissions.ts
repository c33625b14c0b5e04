import {
  genaiApplicationAdministerPermission,
  genaiApplicationManagePermission,
  genaiCredentialRevealPermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import { usePermission } from '@backstage/plugin-permission-react';

/** What the signed-in user may do with the applications of an environment. */
export type CredentialPermissions = {
  loading: boolean;
  canManage: boolean;
  /** May add applications that administer the environment. */
  canAdminister: boolean;
  canReveal: boolean;
};

export function useCredentialPermissions(name: string): CredentialPermissions {
  const manage = usePermission({
    permission: genaiApplicationManagePermission,
    resourceRef: name,
  });
  const administer = usePermission({
    permission: genaiApplicationAdministerPermission,
    resourceRef: name,
  });
  const reveal = usePermission({
    permission: genaiCredentialRevealPermission,
    resourceRef: name,
  });
  return {
    loading: manage.loading || administer.loading || reveal.loading,
    canManage: manage.allowed,
    canAdminister: administer.allowed,
    canReveal: reveal.allowed,
  };
}
