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
import { testBlueprints } from './testing/world/testBlueprints';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

const CHOICE = { tier: 'standard', vectorStore: 's3-vectors' } as const;

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

  it('changes what it is about, and no tags', async () => {
    const tags = () =>
      world.region.live().map(({ name, content }) => [name, content!.tags]);
    const before = tags();
    const executed = executions();
    await useBlueprints(changeTemplate(world, '0.2.0', () => {}));
    driver.want({ generation: 2, owner: 'group:default/others' });
    await driver.untilSettled('Ready');
    // The image of the runtime has another version; the base is as it was.
    expect(executions()).toBe(executed + 1);
    expect(tags()).toEqual(before);
  });

  it('is seen by its template alone', async () => {
    const blueprints = changeTemplate(world, '0.1.0', ({ Resources }) => {
      Resources.Key.Properties.Description = 'Of the data';
    });
    const [key] = world.region.ofType('AWS::KMS::Key');
    await useBlueprints(blueprints);
    await driver.step();
    expect(key.properties.Description).toBeUndefined();
    driver.want({ generation: 2 });
    await driver.untilSettled('Ready');
    expect(key.properties.Description).toBe('Of the data');
  });

  it('is not that of another vector store, though the target has it now', async () => {
    const other = changeTemplate(world, '0.1.0', ({ Resources }) => {
      delete Resources.Vectors;
    }).find(CHOICE);
    const { version, find } = testBlueprints();
    await useBlueprints({
      version,
      find: ({ vectorStore, ...choice }) =>
        vectorStore === 's3-vectors'
          ? find({ ...choice, vectorStore })
          : { ...other, ...{ id: 'standard-other', vectorStore } },
    });
    world.config.targets[0].vectorStore = 'opensearch-serverless';
    const [{ physicalId }] = world.region.ofType(
      'AWS::S3Vectors::VectorBucket',
    );
    driver.want({ spec: world.changedSpec, generation: 2 });
    await driver.untilSettled('Ready');
    const [bucket] = world.region.ofType('AWS::S3Vectors::VectorBucket');
    expect(bucket.physicalId).toBe(physicalId);

    await useBlueprints({
      version,
      find: () => ({ ...other, id: 'standard-other' }),
    });
    driver.want({ generation: 3 });
    const { outcome } = await driver.until(({ phase }) => phase === 'Degraded');
    expect(outcome.conditions[0].reason).toBe('BlueprintGone');
  });

  it('comes to the base before an image that was pushed comes to the services', async () => {
    world.pushesImages = false;
    const services = [...world.spec.services, 'app' as const];
    driver.want({ spec: { ...world.spec, services }, generation: 2 });
    await driver.untilSettled('Ready');
    const blueprints = changeTemplate(
      world,
      '0.2.0',
      (core, own, blueprint) => {
        core.Outputs.Queue = { Value: { Ref: 'Data' } };
        own.Parameters.Queue = { Type: 'String' };
        blueprint.services.parameters.push({
          name: 'Queue',
          source: { from: 'output', stack: 'core', output: 'Queue' },
        });
      },
    );
    await useBlueprints(blueprints);
    expect((await driver.step()).phase).toBe('Ready');
    world.pushesImages = true;
    const { outcome } = await driver.until(
      ({ phase, services: [, , app] }) =>
        phase === 'Ready' && app.health === 'healthy',
    );
    expect(outcome.observedGeneration).toBe(2);
  });
});
