import type { PermissionsRegistryService } from '@backstage/backend-plugin-api';
import { genaiEnvironmentsPermissions } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentStore } from '../database/EnvironmentStore';
import { toEnvironment } from '../database/rows';
import { environmentResourceRef, genaiEnvironmentRules } from './rules';

/** Makes permissions and rules known, so that a policy can decide by the environment. */
export function registerEnvironmentPermissions(options: {
  permissionsRegistry: PermissionsRegistryService;
  environments: Pick<EnvironmentStore, 'findActiveByNames'>;
}): void {
  const { permissionsRegistry, environments } = options;
  permissionsRegistry.addResourceType({
    resourceRef: environmentResourceRef,
    permissions: genaiEnvironmentsPermissions,
    rules: Object.values(genaiEnvironmentRules),
    getResources: async names => {
      const rows = await environments.findActiveByNames(names);
      const found = new Map(rows.map(row => [row.name, row]));
      return names.map(name => {
        const row = found.get(name);
        return row && toEnvironment(row);
      });
    },
  });
}
