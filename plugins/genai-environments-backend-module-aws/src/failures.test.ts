import {
  CloudFormationClient,
  DeleteStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import { newStack } from './testing/fakeAws/cloudformation/newStack';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { FakeAws } from './testing/fakeAws/FakeAws';
import { ACCOUNT, AwsWorld, REGION } from './testing/world/AwsWorld';

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('what goes wrong in AWS', () => {
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
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const remains = () => world.findRemains(driver.desired);
  const stop = (phase: ReconcileOutcome['phase']) =>
    driver.until(outcome => outcome.phase === phase);
  const warnings = (events: ReconcileOutcome['events']) =>
    events
      .filter(({ type }) => type === 'Warning')
      .map(({ message }) => message);

  it('is tried again when it may pass', async () => {
    world.aws.failResource({
      ...{ resource: 'Balancer', on: 'create' },
      reason: 'Rate exceeded (Service: ELB, Status Code: 400)',
    });
    const { events, outcomes } = await driver.untilSettled('Ready');
    expect(warnings(events)).toEqual([
      'The creation of the base failed at the ElasticLoadBalancingV2 load balancer Balancer. AWS had too much to do at that moment. AWS said: Rate exceeded (Service: ELB, Status Code: 400). It is tried again.',
    ]);
    expect(outcomes.map(({ phase }) => phase)).not.toContain('Failed');
  });

  it('is a stop with a cause and a next action when it does not pass', async () => {
    world.aws.failResource(
      {
        ...{ resource: 'ModelInvocation', on: 'create' },
        reason: 'ECS Deployment Circuit Breaker was triggered',
      },
      9,
    );
    const { outcome } = await stop('Failed');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'TasksDoNotStart',
      message: expect.stringContaining('the ECS service ModelInvocation'),
      nextAction: expect.stringContaining('log group'),
    });
    const again = await driver.step();
    expect(again.phase).toBe('Failed');
    expect(again.events).toEqual([]);

    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');
    expect(await remains()).toEqual([]);
  });

  it('is tried again at once when the owner asks for something else', async () => {
    world.aws.failResource({
      ...{ resource: 'Profile1', on: 'create' },
      reason: 'You are not authorized to use this model',
    });
    await stop('Failed');
    driver.want({ spec: world.changedSpec, generation: 2 });
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('is tried again by itself after half an hour', async () => {
    world.aws.failResource({
      ...{ resource: 'Table', on: 'create' },
      reason: 'Subscriber limit exceeded: quota of tables',
    });
    const { outcome } = await stop('Failed');
    expect(outcome.conditions[0].reason).toBe('QuotaReached');
    world.aws.clock.advance(40 * 60_000);
    await driver.untilSettled('Ready');
  });

  it('leaves a running environment as it was when a change fails', async () => {
    const before = await driver.untilSettled('Ready');
    world.aws.failResource({
      ...{ resource: 'Profile2', on: 'create' },
      reason: 'AccessDenied: bedrock:CreateInferenceProfile',
    });
    driver.want({ spec: world.changedSpec, generation: 2 });
    const { outcome } = await stop('Degraded');
    expect(outcome.observedGeneration).toBe(1);
    expect(outcome.outputs).toEqual(before.outcome.outputs);
    expect(outcome.conditions[0].reason).toBe('PermissionMissing');
    expect(await world.region.live().map(({ status }) => status)).toContain(
      'UPDATE_ROLLBACK_COMPLETE',
    );
    driver.want({ spec: world.spec, generation: 3 });
    await driver.untilSettled('Ready');
  });

  it('names what blocks a teardown, leaves it behind, and sweeps it', async () => {
    await driver.untilSettled('Ready');
    world.aws.failResource(
      { resource: 'Data', on: 'delete', reason: 'The bucket is not empty' },
      4,
    );
    driver.want({ deletionRequested: true });
    const { events } = await driver.untilSettled('Deleted');
    const told = warnings(events);
    expect(told).toHaveLength(3);
    expect(told[0]).toMatch(/could not delete the S3 bucket .* tried again/);
    expect(told[2]).toMatch(/still cannot delete .* swept afterwards/);
    expect(events.map(({ reason }) => reason)).toContain('RemainsSwept');
    expect(await remains()).toEqual([]);
  });

  it('leaves nothing behind because AWS was busy', async () => {
    await driver.untilSettled('Ready');
    world.aws.failResource(
      { resource: 'Data', on: 'delete', reason: 'Rate exceeded' },
      5,
    );
    driver.want({ deletionRequested: true });
    const begun = world.aws.clock.now();
    const { events } = await driver.untilSettled('Deleted');
    const told = warnings(events);
    expect(told).toHaveLength(5);
    expect(told.join()).not.toMatch(/swept afterwards/);
    expect(events.map(({ reason }) => reason)).not.toContain('RemainsSwept');
    expect(world.aws.clock.now() - begun).toBeGreaterThan(15 * 60_000);
  });

  it('names an object that S3 does not delete', async () => {
    await driver.untilSettled('Ready');
    const core = world.region.live().find(({ name }) => /-core$/.test(name))!;
    const bucket = core.resources.get('Data')!.physicalId;
    world.region.buckets.get(bucket)!.set('held', 'x');
    world.region.lockedObjects.add('held');
    driver.want({ deletionRequested: true });
    const { outcome } = await stop('Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'DataLocked',
      message: expect.stringMatching(
        `object held of the bucket ${bucket}: AccessDenied`,
      ),
    });
    world.region.lockedObjects.clear();
    await driver.untilSettled('Deleted');
  });

  it('waits while AWS is at work on many stacks', async () => {
    const busy = Array.from({ length: 25 }, (_, index) => {
      const stack = newStack(world.region, `x-${index}`, world.aws.clock);
      stack.status = 'CREATE_IN_PROGRESS';
      return stack;
    });
    world.region.stacks.push(...busy);
    const { outcome } = await driver.until(({ progress }) =>
      /others are done/.test(progress?.currentStep ?? ''),
    );
    expect(outcome.phase).toBe('Provisioning');
    expect(world.aws.calls.map(({ operation }) => operation)).not.toContain(
      'CreateChangeSet',
    );
    for (const stack of busy) stack.status = 'CREATE_COMPLETE';
    await driver.untilSettled('Ready');
  });

  it('says so when the account can have no more stacks', async () => {
    world.region.maxStacks = 1;
    const { outcome } = await stop('Failed');
    expect(outcome.conditions[0].reason).toBe('QuotaReached');
    world.region.maxStacks = 2000;
    await driver.untilSettled('Ready');
  });

  it('finds an environment although another target cannot be asked', async () => {
    await driver.untilSettled('Ready');
    const [application] = driver.desired.applications;
    const [target] = world.config.targets;
    world.aws.expiredKeys.add('AKIA999988887777');
    world.config.targets.unshift({
      ...target,
      ...{ id: 'broken', accountId: '999988887777' },
    });
    await provisioner.shutdown();
    provisioner = world.createProvisioner();
    await expect(
      provisioner.takeSecret(driver.desired, application),
    ).resolves.toEqual(expect.any(String));
    await expect(
      provisioner.takeSecret(newEnvironment(world.spec, []), application),
    ).rejects.toThrow(/credentials/);
  });

  it('takes another place on the load balancer when one is taken', async () => {
    await driver.untilSettled('Ready');
    const priority = () =>
      world.region.live().find(({ name }) => /-services$/.test(name))!.content!
        .parameters.ListenerPriority;
    const before = priority();
    world.aws.failResource({
      ...{ resource: 'App', on: 'create' },
      reason: `Priority '${before}' is currently in use`,
    });
    const services = [...world.spec.services, 'app' as const];
    driver.want({ spec: { ...world.spec, services }, generation: 2 });
    await driver.untilSettled('Ready');
    expect(priority()).not.toBe(before);
    const taken = priority();
    driver.want({ spec: world.changedSpec, generation: 3 });
    await driver.untilSettled('Ready');
    expect(priority()).toBe(taken);
  });

  it('stops at what cannot be swept, and ends when somebody has', async () => {
    await driver.untilSettled('Ready');
    world.aws.failResource(
      { resource: 'Key', on: 'delete', reason: 'Something only AWS knows' },
      9,
    );
    driver.want({ deletionRequested: true });
    const { outcome } = await stop('Degraded');
    expect(outcome.conditions[0]).toMatchObject({ reason: 'RemainsFound' });
    expect(outcome.conditions[0].message).toContain('arn:aws:kms:');
    const [key] = world.region.ofType('AWS::KMS::Key');
    world.region.discard(key);
    await driver.untilSettled('Deleted');
  });

  it('ends although AWS goes on listing what is deleted', async () => {
    await driver.untilSettled('Ready');
    driver.want({ spec: world.changedSpec, generation: 2 });
    await driver.untilSettled('Ready');
    driver.want({ deletionRequested: true });
    const { events } = await driver.untilSettled('Deleted');
    expect(warnings(events)).toEqual([]);
    expect(events.map(({ reason }) => reason)).not.toContain('RemainsSwept');
    const listed = [...world.region.lingering].map(({ type }) => type);
    expect(listed.sort()).toEqual(
      expect.arrayContaining([
        'AWS::ECS::Cluster',
        'AWS::ECS::Service',
        // One of them was replaced, of which the stack knows nothing any more.
        'AWS::ECS::TaskDefinition',
        'AWS::ECS::TaskDefinition',
        'AWS::KMS::Key',
      ]),
    );
    const asked = world.aws.calls.map(({ operation }) => operation);
    expect(asked).toContain('DescribeTaskDefinition');
    expect(asked).not.toContain('DescribeKey');
  });

  it('removes what is in buckets, vector stores and repositories', async () => {
    await driver.untilSettled('Ready');
    const { region } = world;
    for (const [name, objects] of region.buckets) {
      if (!name.includes('-core-')) continue;
      for (let index = 0; index < 2500; index++) objects.set(`${index}`, 'x');
    }
    for (const indexes of region.vectorIndexes.values()) indexes.add('chunks');
    driver.want({ deletionRequested: true });
    const { events } = await driver.untilSettled('Deleted');
    expect(warnings(events)).toEqual([]);
    expect(await remains()).toEqual([]);
  });

  it('leaves stacks of others alone', async () => {
    const foreign = newEnvironment(world.spec, []);
    const other = new ProvisionerDriver({
      desired: { ...foreign, name: driver.desired.name },
      provisioner: () => provisioner,
    });
    await driver.untilSettled('Ready');
    const { outcome } = await other.until(({ phase }) => phase === 'Failed');
    expect(outcome.conditions[0].reason).toBe('NameTaken');
    other.want({ deletionRequested: true });
    await other.untilSettled('Deleted');
    expect((await driver.step()).phase).toBe('Ready');
  });

  it('is Degraded while no task of a service runs, with what ECS says', async () => {
    await driver.untilSettled('Ready');
    const [arn] = [...world.region.resources.values()]
      .filter(({ type }) => type === 'AWS::ECS::Service')
      .map(({ physicalId }) => physicalId);
    world.region.running.set(arn, { count: 0, reason: 'OutOfMemoryError' });
    const { outcome } = await stop('Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'ServiceUnhealthy',
      message: expect.stringContaining('OutOfMemoryError'),
    });
    world.region.running.clear();
    await driver.untilSettled('Ready');

    world.region.resources.delete(`AWS::ECS::Service ${arn}`);
    const removed = await stop('Degraded');
    expect(removed.outcome.conditions[0].message).toContain(
      'ECS has no such service',
    );
  });

  it('is Ready without an image of the app, and rolls out the first push', async () => {
    world.pushesImages = false;
    const services = [...world.spec.services, 'app' as const];
    const spec = { ...world.spec, services };
    driver.want({ spec, generation: 2 });
    const { outcome } = await driver.untilSettled('Ready');
    expect(outcome.services.at(-1)).toMatchObject({
      ...{ name: 'app', health: 'stopped' },
      message: expect.stringMatching(/no image yet/),
    });
    world.pushesImages = true;
    const pushed = await driver.until(
      ({ phase, services: [, , app] }) =>
        phase === 'Ready' && app.health === 'healthy',
    );
    expect(pushed.outcome.outputs.appUrl).toMatch(/\/app\/$/);
  });

  it('never empties the base of a running environment that somebody began to delete', async () => {
    await driver.untilSettled('Ready');
    const stack = world.region
      .live()
      .find(({ name }) => name.endsWith('-core'))!;
    const bucket = stack.resources.get('Data')!.physicalId;
    world.region.buckets.get(bucket)!.set('precious', 'x');
    stack.status = 'DELETE_FAILED';
    driver.want({ spec: world.changedSpec, generation: 2 });
    const { outcome } = await stop('Degraded');
    expect(outcome.conditions[0].reason).toBe('BaseDamaged');
    await driver.step();
    expect([...world.region.buckets.get(bucket)!.keys()]).toEqual(['precious']);

    driver.want({ deletionRequested: true });
    await driver.untilSettled('Deleted');
    expect(await remains()).toEqual([]);
  });

  it('makes a base anew that was deleted past the portal, and says so', async () => {
    await driver.untilSettled('Ready');
    for (const stack of world.region.live())
      stack.terminationProtection = false;
    const client = new CloudFormationClient({
      ...world.aws.clientOptions('somebody'),
      region: REGION,
      credentials: FakeAws.credentialsOf(ACCOUNT),
    });
    for (const kind of ['services', 'core']) {
      const StackName = `genai-${driver.desired.name}-${kind}`;
      await client.send(new DeleteStackCommand({ StackName }));
      world.region.images.forEach(images => images.clear());
      world.aws.clock.advance(120_000);
    }
    client.destroy();
    // What was never finished has no data: it is made once more.
    world.aws.failResource({
      ...{ resource: 'Balancer', on: 'create' },
      reason: 'Rate exceeded',
    });
    const { events } = await driver.until(({ phase }) => phase !== 'Ready');
    expect(events.map(({ reason }) => reason)).toContain('BaseMissing');
    await driver.untilSettled('Ready');
  });

  it('tells the environment of its applications, also after it was woken', async () => {
    await driver.untilSettled('Ready');
    const [{ clientId }] = driver.desired.applications;
    expect(world.environment.told.get(clientId)).toMatchObject({
      enabled: true,
    });
    const hibernated = { ...world.spec, hibernated: true };
    driver.want({ spec: hibernated, generation: 2 });
    await stop('Hibernated');
    const [application] = driver.desired.applications;
    driver.want({
      applications: [{ ...application, enabled: false, revision: 2 }],
    });
    await stop('Hibernated');
    driver.want({ spec: world.spec, generation: 3 });
    await driver.untilSettled('Ready');
    expect(world.environment.told.get(clientId)).toMatchObject({
      ...{ enabled: false, revision: 2 },
    });
    driver.want({ applications: [] });
    await driver.untilSettled('Ready');
    expect(world.environment.told.size).toBe(0);
  });

  it('says of the runtime what the runtime says, wherever its image is from', async () => {
    world.config.targets[0].runtimeImage = 'mirror.example/genai-runtime:1.2.3';
    await driver.untilSettled('Ready');
    expect(driver.desired.status.outputs.runtime).toEqual({
      ...{ version: '1.2.3', source: 'bundled' },
    });

    world.environment.release = { version: '1.3.0', source: 'own' };
    world.config.targets[0].runtimeImage = 'own.example/services:1.3.0';
    driver.want({ generation: 2 });
    await driver.untilSettled('Ready');
    expect(driver.desired.status.outputs.runtime).toEqual({
      ...{ version: '1.3.0', source: 'own' },
    });
  });

  it('ends the secret before a rotation after its grace', async () => {
    await driver.untilSettled('Ready');
    const [application] = driver.desired.applications;
    driver.want({
      applications: [{ ...application, secretVersion: 2, revision: 2 }],
    });
    await driver.untilSettled('Ready');
    const [client] = [...world.region.userPools.values()].flatMap(pool => [
      ...pool.clients.values(),
    ]);
    expect(client.secrets).toHaveLength(2);
    const [, newest] = client.secrets;
    world.aws.clock.advance(25 * 3_600_000);
    await driver.step();
    expect(client.secrets).toEqual([newest]);
  });
});
