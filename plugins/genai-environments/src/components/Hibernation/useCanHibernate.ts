import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Environment,
  genaiEnvironmentUpdatePermission,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsync from 'react-use/esm/useAsync';
import { genaiEnvironmentsApiRef } from '../../api';

/** Whether the signed-in user may, and where the environment runs can. `false` until known. */
export function useCanHibernate(environment: Environment): boolean {
  const { name } = environment;
  const { provisioner } = environment.spec;
  const api = useApi(genaiEnvironmentsApiRef);
  const { allowed } = usePermission({
    permission: genaiEnvironmentUpdatePermission,
    resourceRef: name,
  });
  const { value = false } = useAsync(async () => {
    if (!allowed) return false;
    const { items } = await api.listProvisioners();
    return items.some(
      ({ id, canHibernate }) => id === provisioner && canHibernate,
    );
  }, [api, allowed, provisioner]);
  return value;
}
