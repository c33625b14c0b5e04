import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { DefaultAwsCredentialsManager } from '@backstage/integration-aws-node';
import { AwsProvisioner } from './AwsProvisioner';
import { loadBundledBlueprints } from './blueprints/loadBundledBlueprints';
import type { AwsConfig } from './config';

/** The provisioner with what a portal has: its credentials and the bundled blueprints. */
export function createAwsProvisioner(options: {
  config: AwsConfig;
  rootConfig: Config;
  logger: LoggerService;
}): AwsProvisioner {
  const { config, rootConfig, logger } = options;
  const manager = DefaultAwsCredentialsManager.fromConfig(rootConfig);
  return new AwsProvisioner({
    ...{ config, logger },
    credentialsOf: accountId => async () => {
      const provider = await manager.getCredentialProvider({ accountId });
      return provider.sdkCredentialProvider();
    },
    loadBlueprints: loadBundledBlueprints,
  });
}
