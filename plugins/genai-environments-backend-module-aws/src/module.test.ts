import { createBackendPlugin } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  genaiProvisionersExtensionPoint,
  type Provisioner,
} from '@genai-environments/backstage-plugin-genai-environments-node';
import { createAwsProvisioner } from './createAwsProvisioner';
import genaiEnvironmentsModuleAws, { readAwsConfig } from './index';
import { ensureBlueprintsBuilt } from './testing/world/ensureBlueprintsBuilt';

async function start(data: object): Promise<Provisioner[]> {
  const added: Provisioner[] = [];
  await startTestBackend({
    extensionPoints: [
      [
        genaiProvisionersExtensionPoint,
        { addProvisioner: provisioner => void added.push(provisioner) },
      ],
    ],
    features: [
      genaiEnvironmentsModuleAws,
      createBackendPlugin({
        pluginId: 'genai-environments',
        register(env) {
          env.registerInit({ deps: {}, async init() {} });
        },
      }),
      mockServices.rootConfig.factory({ data }),
    ],
  });
  return added;
}

describe('the module', () => {
  it('adds nothing without targets', async () => {
    expect(await start({})).toEqual([]);
    expect(await start({ genaiEnvironments: { aws: {} } })).toEqual([]);
  });

  it('refuses targets that cannot be used, by the key', async () => {
    const aws = { targets: [{ accountId: 'mine', region: 'eu-west-1' }] };
    await expect(start({ genaiEnvironments: { aws } })).rejects.toThrow(
      /targets\[0\].accountId is "mine"/,
    );
  });
});

describe('createAwsProvisioner', () => {
  beforeAll(ensureBlueprintsBuilt, 120_000);

  const rootConfig = mockServices.rootConfig({
    data: {
      genaiEnvironments: {
        aws: {
          targets: [
            { id: 'lab', accountId: '012345678901', region: 'eu-west-1' },
          ],
        },
      },
    },
  });

  it('makes the provisioner "aws" of what is configured', async () => {
    const provisioner = createAwsProvisioner({
      config: readAwsConfig(rootConfig)!,
      rootConfig,
      logger: mockServices.logger.mock(),
    });
    expect(await provisioner.getInfo()).toMatchObject({
      ...{ id: 'aws', regions: ['lab'], canHibernate: true },
      tiers: ['sandbox', 'standard', 'isolated'],
    });
    await provisioner.shutdown();
  });

  it('refuses settings that the templates do not take, by the key', () => {
    const config = readAwsConfig(rootConfig)!;
    config.targets[0].settings = { LogRetentionDays: '30' };
    expect(() =>
      createAwsProvisioner({
        ...{ config, rootConfig, logger: mockServices.logger.mock() },
      }),
    ).toThrow(
      /"lab": settings.LogRetentionDays is not known. Write it as logRetentionDays/,
    );
  });
});
