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

// AWS says that others are deleted when one is executed; not what becomes of that one.
describe.each([
  ['stay readable', true],
  ['are gone', false],
])('change sets that %s once they were executed', (_, keepsExecuted) => {
  let world: AwsWorld;
  let provisioner: AwsProvisioner;
  let driver: ProvisionerDriver;

  beforeEach(async () => {
    world = await AwsWorld.create();
    world.region.keepsExecuted = keepsExecuted;
    provisioner = world.createProvisioner();
    driver = new ProvisionerDriver({
      desired: newEnvironment(world.spec, [newApplication('default')]),
      provisioner: () => provisioner,
    });
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  it('are made anew for a plan that comes back', async () => {
    await driver.untilSettled('Ready');
    let generation = 1;
    for (let round = 0; round < 3; round++) {
      const hibernated = { ...world.spec, hibernated: true };
      driver.want({ spec: hibernated, generation: ++generation });
      await driver.until(({ phase }) => phase === 'Hibernated');
      driver.want({ spec: world.spec, generation: ++generation });
      await driver.untilSettled('Ready');
    }
    const tokens = world.aws.calls
      .filter(({ operation }) => operation === 'ExecuteChangeSet')
      .map(({ input }) => input.ClientRequestToken);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('are made anew after a change that failed', async () => {
    await driver.untilSettled('Ready');
    world.aws.failResource(
      {
        ...{ resource: 'Profile2', on: 'create' },
        reason: 'Something only AWS knows',
      },
      2,
    );
    driver.want({ spec: world.changedSpec, generation: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { outcome } = await driver.until(
        ({ phase }) => phase === 'Degraded',
      );
      expect(outcome.conditions[0].reason).toBe('ResourceFailed');
      world.aws.clock.advance(31 * 60_000);
      await driver.until(({ phase }) => phase !== 'Degraded');
    }
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('do not stop a creation that is begun again', async () => {
    world.aws.failResource(
      {
        ...{ resource: 'Balancer', on: 'create' },
        reason: 'Rate exceeded',
      },
      2,
    );
    const { outcomes } = await driver.untilSettled('Ready');
    expect(outcomes.map(({ phase }) => phase)).not.toContain('Failed');
  });
});
