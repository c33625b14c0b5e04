import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { genaiProvisionersExtensionPoint } from '@genai-environments/backstage-plugin-genai-environments-node';
import { readAwsConfig } from './config';

/**
 * Adds the provisioner `aws`: environments in AWS accounts. Without targets in the
 * configuration it adds nothing and loads nothing of the AWS SDK.
 */
export const genaiEnvironmentsModuleAws = createBackendModule({
  pluginId: 'genai-environments',
  moduleId: 'aws',
  register(env) {
    env.registerInit({
      deps: {
        rootConfig: coreServices.rootConfig,
        logger: coreServices.logger,
        provisioners: genaiProvisionersExtensionPoint,
      },
      async init({ rootConfig, logger, provisioners }) {
        const config = readAwsConfig(rootConfig);
        if (!config) return;
        const { createAwsProvisioner } = await import('./createAwsProvisioner');
        provisioners.addProvisioner(
          createAwsProvisioner({ config, rootConfig, logger }),
        );
      },
    });
  },
});
