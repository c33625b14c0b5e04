import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import type { Blueprints } from './blueprints/types';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { AwsWorld } from './testing/world/AwsWorld';
import { changeTemplate } from './testing/world/changeTemplate';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('a newer blueprint', () => {
  let world: AwsWorld;
  let provisioner: AwsProvisioner;
  let driver: ProvisionerDriver;

  beforeEach(async () => {
    world = await AwsWorld.create();
    provisioner = world.createProvisioner();
    driver = new ProvisionerDriver({
      desired: newEnvironment(world.spec, [newApplication('default')]),
      provisioner: () => provisioner,
    });
    await driver.untilSettled('Ready');
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const useBlueprints = async (blueprints?: Blueprints) => {
    await provisioner.shutdown();
    provisioner = world.createProvisioner(
      blueprints && { loadBlueprints: () => blueprints },
    );
  };
  const executions = () =>
    world.aws.calls.filter(({ operation }) => operation === 'ExecuteChangeSet')
      .length;

  it.each<[string, (core: any) => void, RegExp]>([
    [
      'makes data anew',
      ({ Resources }) => {
        Resources.Table.Properties.TableName = 'renamed';
      },
      /the DynamoDB table Table/,
    ],
    [
      'removes data, on a later page of changes',
      ({ Resources }) => {
        for (let index = 0; index < 12; index++) {
          Resources[`Role${index}`] = {
            Type: 'AWS::IAM::Role',
            Properties: { AssumeRolePolicyDocument: {} },
          };
        }
        delete Resources.Data;
      },
      /the S3 bucket Data/,
    ],
  ])('is refused when it %s', async (_, change, named) => {
    const before = executions();
    await useBlueprints(changeTemplate(world, '0.2.0', change));
    driver.want({ generation: 2 });
    const { outcome } = await driver.until(({ phase }) => phase === 'Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'DataWouldBeLost',
      message: expect.stringMatching(named),
      nextAction: expect.stringMatching(/change set genai-/),
    });
    expect((await driver.step()).events).toEqual([]);
    expect(executions()).toBe(before);

    await useBlueprints();
    driver.want({ generation: 3 });
    await driver.untilSettled('Ready');
  });
});
