import type { Environment } from '@genai-environments/backstage-plugin-genai-environments-common';
import { useUpdatableProvisioner } from '../common/useUpdatableProvisioner';

/** Whether the signed-in user may, and where the environment runs can. `false` until known. */
export function useCanHibernate(environment: Environment): boolean {
  return Boolean(useUpdatableProvisioner(environment)?.canHibernate);
}
