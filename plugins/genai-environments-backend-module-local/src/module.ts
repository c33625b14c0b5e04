import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { genaiProvisionersExtensionPoint } from '@genai-environments/backstage-plugin-genai-environments-node';
import { readLocalConfig } from './config';
import { LocalProvisioner } from './LocalProvisioner';

/** Adds the provisioner `local`: environments on the portal's own machine. */
export const genaiEnvironmentsModuleLocal = createBackendModule({
  pluginId: 'genai-environments',
  moduleId: 'local',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        provisioners: genaiProvisionersExtensionPoint,
      },
      async init({ config, logger, provisioners }) {
        provisioners.addProvisioner(
          new LocalProvisioner({ config: readLocalConfig(config), logger }),
        );
      },
    });
  },
});
