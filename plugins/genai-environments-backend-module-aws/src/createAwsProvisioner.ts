import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { DefaultAwsCredentialsManager } from '@backstage/integration-aws-node';
import { AwsProvisioner, type AwsProvisionerOptions } from './AwsProvisioner';
import { loadBundledBlueprints } from './blueprints/loadBundledBlueprints';
import type { AwsConfig } from './config';
import { AccountNotConfigured } from './errors';
import { assertSettings } from './settings';

/**
 * The provisioner with what a portal has: its credentials and the bundled blueprints.
 *
 * @throws InputError when the templates do not take the settings of a target
 */
export function createAwsProvisioner(options: {
  config: AwsConfig;
  rootConfig: Config;
  logger: LoggerService;
}): AwsProvisioner {
  const { config, rootConfig, logger } = options;
  assertBundledTake(config);
  return new AwsProvisioner({
    ...{ config, logger },
    credentialsOf: createCredentialsOf(rootConfig),
    loadBlueprints: loadBundledBlueprints,
  });
}

function assertBundledTake({ targets }: AwsConfig): void {
  const configured = targets.filter(
    ({ settings }) => Object.keys(settings).length > 0,
  );
  if (configured.length === 0) return;
  try {
    assertSettings(configured, loadBundledBlueprints());
  } catch (error) {
    // Who works from the sources may build them later: the plan says what is missing.
    if ((error as Error).name !== 'BlueprintsMissingError') throw error;
  }
}

/** Credentials by account, as the section `aws` of the portal's configuration has them. */
export function createCredentialsOf(
  rootConfig: Config,
): AwsProvisionerOptions['credentialsOf'] {
  const manager = DefaultAwsCredentialsManager.fromConfig(rootConfig);
  return accountId => async () => {
    const provider = await manager
      .getCredentialProvider({ accountId })
      .catch(error => {
        throw hasNoEntry(error) ? new AccountNotConfigured(accountId) : error;
      });
    return provider.sdkCredentialProvider();
  };
}

/**
 * The manager names the account's own entry, else the portal's own credentials: they are
 * another account's, or there are none.
 */
function hasNoEntry({ name, message }: Error): boolean {
  return (
    name === 'CredentialsProviderError' ||
    message.startsWith('There is no AWS integration that matches')
  );
}
