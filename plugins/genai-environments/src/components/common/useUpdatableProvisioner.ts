import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Environment,
  genaiEnvironmentUpdatePermission,
  ProvisionerInfo,
} from '@genai-environments/backstage-plugin-genai-environments-common';
import useAsync from 'react-use/esm/useAsync';
import { genaiEnvironmentsApiRef } from '../../api';

/**
 * What can be done where an environment runs, for those who may change the environment.
 * `undefined` for others, and until known.
 */
export function useUpdatableProvisioner(
  environment: Environment,
): ProvisionerInfo | undefined {
  const { provisioner } = environment.spec;
  const api = useApi(genaiEnvironmentsApiRef);
  const { allowed } = usePermission({
    permission: genaiEnvironmentUpdatePermission,
    resourceRef: environment.name,
  });
  const { value } = useAsync(async () => {
    if (!allowed) return undefined;
    const { items } = await api.listProvisioners();
    return items.find(({ id }) => id === provisioner);
  }, [api, allowed, provisioner]);
  return value;
}
