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

describe('operations of running services', () => {
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

  const definition = () => {
    const [{ physicalId, properties }] = world.region.ofType(
      'AWS::ECS::TaskDefinition',
    );
    const [{ DockerLabels }] = properties.ContainerDefinitions;
    return { physicalId, restarts: DockerLabels['genai.restarted-at'] };
  };
  const ask = async (wish: Partial<typeof world.spec>) => {
    const generation = driver.desired.generation + 1;
    const spec = { ...driver.desired.spec, ...wish };
    driver.want({ spec, generation });
    return driver.untilSettled('Ready');
  };

  it('are offered', async () => {
    expect(await provisioner.getInfo()).toMatchObject({ canScale: true });
  });

  it('run at least the tasks that were asked for, and say how many run', async () => {
    const { outcome } = await ask({ tasks: { 'model-invocation': 3 } });
    expect(outcome.services).toMatchObject([
      { name: 'model-invocation', tasks: { running: 3, desired: 3 } },
      { name: 'prompt-management', tasks: { running: 1, desired: 1 } },
    ]);
    expect(outcome.conditions.map(({ type }) => type)).toEqual(['Ready']);
    const back = await ask({ tasks: undefined });
    expect(back.outcome.services[0].tasks?.desired).toBe(1);
  });

  it('are not done while fewer tasks run than were asked for', async () => {
    const [service] = world.region.ofType('AWS::ECS::Service');
    world.region.running.set(service.physicalId, { count: 2 });
    const spec = { ...world.spec, tasks: { 'model-invocation': 3 } };
    driver.want({ spec, generation: 2 });
    const waiting = await driver.until(({ services: [first] }) =>
      Boolean(first.message),
    );
    expect(waiting.outcome).toMatchObject({
      ...{ phase: 'Updating', observedGeneration: 1 },
      services: [{ health: 'starting', message: '2 of 3 tasks run.' }, {}],
    });
    world.region.running.clear();
    await driver.untilSettled('Ready');
  });

  it('stay within what the platform team allows, and say so', async () => {
    world.config.targets[0].settings.maxTasks = '2';
    const { outcome } = await ask({ tasks: { 'model-invocation': 9 } });
    expect(outcome.services[0].tasks).toEqual({ running: 2, desired: 2 });
    expect(outcome.conditions[1]).toMatchObject({
      ...{ type: 'TasksLimited', status: 'True' },
      message: expect.stringContaining('allows 2 tasks of a service'),
    });
  });

  it('replace what runs once for each restart that was asked for', async () => {
    const before = definition();
    expect(before.restarts).toBe('never never never');
    const restarts = { 'model-invocation': '2026-11-30T12:00:00.000Z' };
    await ask({ restarts });
    const after = definition();
    expect(after.restarts).toBe('2026-11-30T12:00:00.000Z never never');
    expect(after.physicalId).not.toBe(before.physicalId);
    for (const { properties } of world.region.ofType('AWS::ECS::Service')) {
      expect(properties.TaskDefinition).toBe(after.physicalId);
    }
    await ask({ tasks: { 'prompt-management': 2 } });
    expect(definition().physicalId).toBe(after.physicalId);
  });
});
