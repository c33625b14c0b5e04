import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import {
  AwsWorld,
  EMBEDDING_MODEL,
  REGION,
  TEXT_MODEL,
} from './testing/world/AwsWorld';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('models of an environment', () => {
  let world: AwsWorld;
  let provisioner: AwsProvisioner;
  let driver: ProvisionerDriver;

  beforeEach(async () => {
    world = await AwsWorld.create();
    provisioner = world.createProvisioner();
    driver = new ProvisionerDriver({
      desired: newEnvironment(world.changedSpec, [newApplication('default')]),
      provisioner: () => provisioner,
    });
    await driver.untilSettled('Ready');
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const BEDROCK_KEPT_MS = 31 * 60_000;
  const replaceModel = (modelId: string, ...by: object[]) => {
    const { region, aws } = world;
    const index = region.models.findIndex(item => item.modelId === modelId);
    const [model] = region.models.splice(index, 1);
    region.models.push(...by.map(changed => ({ ...model, ...changed })));
    aws.clock.advance(BEDROCK_KEPT_MS);
  };
  const stack = (kind: string) =>
    world.region.live().find(({ name }) => name.endsWith(`-${kind}`))!;

  it('keep their inference profiles when another one goes', async () => {
    const profile = stack('core').resources.get('Profile2')!.physicalId;
    driver.want({
      spec: { ...world.spec, models: [EMBEDDING_MODEL] },
      generation: 2,
    });
    await driver.untilSettled('Ready');
    expect(stack('core').resources.get('Profile2')!.physicalId).toBe(profile);
    const { ContainerDefinitions } =
      stack('services').resources.get('Task')!.properties;
    const bedrock = ContainerDefinitions[0].Environment.find(
      ({ Name }: { Name: string }) => Name === 'GENAI_BEDROCK',
    );
    expect(JSON.parse(bedrock.Value).models).toEqual([
      expect.objectContaining({
        id: EMBEDDING_MODEL,
        modelId: expect.stringContaining(profile),
      }),
    ]);
  });

  it('are used on when they turn legacy, and offered to nobody else', async () => {
    replaceModel(TEXT_MODEL, { modelLifecycle: { status: 'LEGACY' } });
    const offered = await provisioner.listModels({ region: REGION });
    expect(offered.map(({ id }) => id)).toEqual([EMBEDDING_MODEL]);
    driver.want({ generation: 2 });
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('stop nobody from hibernating when Bedrock has them no more', async () => {
    replaceModel(TEXT_MODEL);
    const hibernated = { ...world.changedSpec, hibernated: true };
    driver.want({ spec: hibernated, generation: 2 });
    await driver.until(({ phase }) => phase === 'Hibernated');
    expect(stack('core').content!.parameters.Model1).toContain(TEXT_MODEL);

    driver.want({ spec: world.changedSpec, generation: 3 });
    const { outcome } = await driver.until(({ phase }) => phase === 'Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'ModelGone',
      message: expect.stringContaining(TEXT_MODEL),
    });
  });
});
