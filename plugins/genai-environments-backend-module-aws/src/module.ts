import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { genaiProvisionersExtensionPoint } from '@genai-environments/backstage-plugin-genai-environments-node';
import { readAwsConfig } from './config';

type ProvisionerFile = typeof import('./createAwsProvisioner');

/**
 * The SDK takes half a second to load, which a portal without targets shall not wait for.
 * Node shows the exports of a CommonJS file, which this is in development, as its default.
 */
async function loadProvisioner(): Promise<ProvisionerFile> {
  const loaded: Partial<ProvisionerFile> & { default?: ProvisionerFile } =
    await import('./createAwsProvisioner');
  return loaded.default ?? (loaded as ProvisionerFile);
}

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
        const { createAwsProvisioner } = await loadProvisioner();
        provisioners.addProvisioner(
          createAwsProvisioner({ config, rootConfig, logger }),
        );
      },
    });
  },
});
