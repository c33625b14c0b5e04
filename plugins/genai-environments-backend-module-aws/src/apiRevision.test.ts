import { loadBlueprints } from '@genai-environments/aws-blueprints';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { AwsWorld } from './testing/world/AwsWorld';
import { ensureBlueprintsBuilt } from './testing/world/ensureBlueprintsBuilt';

jest.setTimeout(120_000);

describe('what the platform says about the API', () => {
  let world: AwsWorld;
  let driver: ProvisionerDriver;
  let stop: () => Promise<void>;

  beforeAll(ensureBlueprintsBuilt, 60_000);
  beforeEach(async () => {
    world = await AwsWorld.create({ blueprints: loadBlueprints() });
    const provisioner = world.createProvisioner();
    driver = new ProvisionerDriver({
      desired: newEnvironment(world.spec, [newApplication('default')]),
      provisioner: () => provisioner,
    });
    stop = () => provisioner.shutdown();
    allow('10.0.0.0/8, 192.0.2.0/24');
    await driver.untilSettled('Ready');
  });
  afterEach(async () => {
    await stop();
    await world.dispose();
  });

  function allow(cidrs: string) {
    world.config.targets[0].settings.appAllowedCidrs = cidrs;
  }

  /** Has the environment changed, as an owner does. */
  async function change(spec: object = {}) {
    const { generation } = driver.desired;
    driver.want({
      spec: { ...driver.desired.spec, ...spec },
      generation: generation + 1,
    });
    await driver.untilSettled('Ready');
  }

  const core = () =>
    world.region.live().find(({ name }) => name.endsWith('-core'))!;
  const revision = () => core().content!.parameters.ApiRevision;
  /** The deployment that is served; there is no other. */
  function served(): string {
    const ids = [...core().resources.values()]
      .filter(({ type }) => type === 'AWS::ApiGateway::Deployment')
      .map(({ physicalId }) => physicalId);
    const { DeploymentId } = core().resources.get('Stage')!.properties;
    expect(ids).toEqual([DeploymentId]);
    return DeploymentId;
  }

  it('is served after the next change of an environment, whatever else stays', async () => {
    const first = served();
    expect(revision()).toBe('a');
    await change({ tasks: { 'model-invocation': 2 } });
    expect([served(), revision()]).toEqual([first, 'a']);

    allow('10.0.0.0/8');
    await change();
    const second = served();
    expect(second).not.toBe(first);
    expect(revision()).toBe('b');
    await change();
    expect([served(), revision()]).toEqual([second, 'b']);

    allow('10.1.0.0/16');
    await change();
    expect(served()).not.toBe(second);
    expect(revision()).toBe('a');
  });

  it('is served once a change succeeds that was rolled back', async () => {
    const first = served();
    world.aws.failResource({
      ...{ resource: 'Stage', on: 'update', reason: 'Rate exceeded' },
    });
    allow('10.0.0.0/8');
    await change();
    expect(core().status).toBe('UPDATE_COMPLETE');
    expect(revision()).toBe('b');
    expect(served()).not.toBe(first);
  });
});
