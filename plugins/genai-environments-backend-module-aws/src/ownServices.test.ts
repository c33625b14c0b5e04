import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { AwsWorld } from './testing/world/AwsWorld';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe("a project's own services", () => {
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
    const [tags] = [...world.region.images]
      .filter(([name]) => name.includes('-core-'))
      .map(([, images]) => images);
    tags.add('services');
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const image = () => {
    const stack = world.region
      .live()
      .find(({ name }) => /-services$/.test(name));
    return stack!.resources.get('Task')!.properties.ContainerDefinitions[0]
      .Image as string;
  };
  const lookOften = async () => {
    for (let look = 0; look < 6; look++) await driver.step();
  };

  it('are not run where the target does not say so', async () => {
    const before = image();
    await lookOften();
    driver.want({ generation: 2 });
    await driver.untilSettled('Ready');
    expect(image()).toBe(before);
  });

  it('are rolled out when they are pushed, by their digest', async () => {
    const [target] = world.config.targets;
    target.ownServices = true;
    await lookOften();
    await driver.untilSettled('Ready');
    expect(image()).toMatch(/-core-.*@sha256:/);
    expect(driver.desired.status.observedGeneration).toBe(1);

    target.runtimeImage = 'mirror.example/genai-runtime:9';
    driver.want({ generation: 2 });
    await driver.untilSettled('Ready');
    expect(image()).toMatch(/-core-.*@sha256:/);
  });
});
