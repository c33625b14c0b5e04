import {
  CloudFormationClient,
  DeleteStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { newStack } from './testing/fakeAws/cloudformation/newStack';
import { FakeAws } from './testing/fakeAws/FakeAws';
import { ACCOUNT, REGION } from './testing/world/AwsWorld';
import { useScene, warningsOf } from './testing/world/useScene';

describe('what goes wrong in AWS', () => {
  const scene = useScene();

  const remains = () => scene.world.findRemains(scene.driver.desired);

  it('is tried again when it may pass', async () => {
    scene.world.aws.failResource({
      ...{ resource: 'Balancer', on: 'create' },
      reason: 'Rate exceeded (Service: ELB, Status Code: 400)',
    });
    const { events, outcomes } = await scene.driver.untilSettled('Ready');
    expect(warningsOf(events)).toEqual([
      'The creation of the base failed at the ElasticLoadBalancingV2 load balancer Balancer. AWS had too much to do at that moment. AWS said: Rate exceeded (Service: ELB, Status Code: 400). It is tried again.',
    ]);
    expect(outcomes.map(({ phase }) => phase)).not.toContain('Failed');
  });

  it('is a stop with a cause and a next action when it does not pass', async () => {
    scene.world.aws.failResource(
      {
        ...{ resource: 'ModelInvocation', on: 'create' },
        reason: 'ECS Deployment Circuit Breaker was triggered',
      },
      9,
    );
    const { outcome } = await scene.untilPhase('Failed');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'TasksDoNotStart',
      message: expect.stringContaining('the ECS service ModelInvocation'),
      nextAction: expect.stringContaining('log group'),
    });
    const again = await scene.driver.step();
    expect(again.phase).toBe('Failed');
    expect(again.events).toEqual([]);

    scene.driver.want({ deletionRequested: true });
    await scene.driver.untilSettled('Deleted');
    expect(await remains()).toEqual([]);
  });

  it('is tried again at once when the owner asks for something else', async () => {
    scene.world.aws.failResource({
      ...{ resource: 'Profile1', on: 'create' },
      reason: 'You are not authorized to use this model',
    });
    await scene.untilPhase('Failed');
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    const { outcome } = await scene.driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('is tried again by itself after half an hour', async () => {
    scene.world.aws.failResource({
      ...{ resource: 'Table', on: 'create' },
      reason: 'Subscriber limit exceeded: quota of tables',
    });
    const { outcome } = await scene.untilPhase('Failed');
    expect(outcome.conditions[0].reason).toBe('QuotaReached');
    scene.world.aws.clock.advance(40 * 60_000);
    await scene.driver.untilSettled('Ready');
  });

  it('leaves a running environment as it was when a change fails', async () => {
    const before = await scene.driver.untilSettled('Ready');
    scene.world.aws.failResource({
      ...{ resource: 'Profile2', on: 'create' },
      reason: 'AccessDenied: bedrock:CreateInferenceProfile',
    });
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.observedGeneration).toBe(1);
    expect(outcome.outputs).toEqual(before.outcome.outputs);
    expect(outcome.conditions[0].reason).toBe('PermissionMissing');
    expect(
      await scene.world.region.live().map(({ status }) => status),
    ).toContain('UPDATE_ROLLBACK_COMPLETE');
    scene.driver.want({ spec: scene.world.spec, generation: 3 });
    await scene.driver.untilSettled('Ready');
  });

  it('waits while AWS is at work on many stacks', async () => {
    const busy = Array.from({ length: 25 }, (_, index) => {
      const stack = newStack(
        scene.world.region,
        `x-${index}`,
        scene.world.aws.clock,
      );
      stack.status = 'CREATE_IN_PROGRESS';
      return stack;
    });
    scene.world.region.stacks.push(...busy);
    const { outcome } = await scene.driver.until(({ progress }) =>
      /others are done/.test(progress?.currentStep ?? ''),
    );
    expect(outcome.phase).toBe('Provisioning');
    expect(
      scene.world.aws.calls.map(({ operation }) => operation),
    ).not.toContain('CreateChangeSet');
    for (const stack of busy) stack.status = 'CREATE_COMPLETE';
    await scene.driver.untilSettled('Ready');
  });

  it('says so when the account can have no more stacks', async () => {
    scene.world.region.maxStacks = 1;
    const { outcome } = await scene.untilPhase('Failed');
    expect(outcome.conditions[0].reason).toBe('QuotaReached');
    scene.world.region.maxStacks = 2000;
    await scene.driver.untilSettled('Ready');
  });

  it('finds an environment although another target cannot be asked', async () => {
    await scene.driver.untilSettled('Ready');
    const [application] = scene.driver.desired.applications;
    const [target] = scene.world.config.targets;
    scene.world.aws.expiredKeys.add('AKIA999988887777');
    scene.world.config.targets.unshift({
      ...target,
      ...{ id: 'broken', accountId: '999988887777' },
    });
    await scene.replaceProvisioner();
    await expect(
      scene.provisioner.takeSecret(scene.driver.desired, application),
    ).resolves.toEqual(expect.any(String));
    await expect(
      scene.provisioner.takeSecret(
        newEnvironment(scene.world.spec, []),
        application,
      ),
    ).rejects.toThrow(/credentials/);
  });

  it('takes another place on the load balancer when one is taken', async () => {
    await scene.driver.untilSettled('Ready');
    const priority = () =>
      scene.stack('services').content!.parameters.ListenerPriority;
    const before = priority();
    scene.world.aws.failResource({
      ...{ resource: 'App', on: 'create' },
      reason: `Priority '${before}' is currently in use`,
    });
    const services = [...scene.world.spec.services, 'app' as const];
    scene.driver.want({
      spec: { ...scene.world.spec, services },
      generation: 2,
    });
    await scene.driver.untilSettled('Ready');
    expect(priority()).not.toBe(before);
    const taken = priority();
    scene.driver.want({ spec: scene.world.changedSpec, generation: 3 });
    await scene.driver.untilSettled('Ready');
    expect(priority()).toBe(taken);
  });

  it('stops hibernating at what AWS does not delete, and leaves nothing behind', async () => {
    await scene.driver.untilSettled('Ready');
    const before = scene.stack('services');
    scene.world.aws.failResource(
      { resource: 'Cluster', on: 'delete', reason: 'It has container hosts' },
      4,
    );
    const hibernated = { ...scene.world.spec, hibernated: true };
    scene.driver.want({ spec: hibernated, generation: 2 });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'RemovalBlocked',
      message: expect.stringMatching(
        /the ECS cluster .*It has container hosts.* of the services/,
      ),
      nextAction: expect.stringContaining('every half hour'),
    });
    expect((await scene.driver.step()).events).toEqual([]);
    const { events } = await scene.untilPhase('Hibernated');
    expect(warningsOf(events)).toHaveLength(1);
    expect(before.status).toBe('DELETE_COMPLETE');
    expect(scene.world.region.ofType('AWS::ECS::Cluster')).toEqual([]);
  });

  it('makes no second base while the first cannot be removed', async () => {
    scene.world.aws.failResource({
      ...{ resource: 'Balancer', on: 'create' },
      reason: 'Rate exceeded',
    });
    scene.world.aws.failResource(
      { resource: 'Key', on: 'delete', reason: 'Something only AWS knows' },
      6,
    );
    const { outcome } = await scene.untilPhase('Failed');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'RemovalBlocked',
      message: expect.stringContaining('the KMS key'),
    });
    await scene.driver.untilSettled('Ready');
    expect(scene.world.region.ofType('AWS::KMS::Key')).toHaveLength(1);
  });

  it('leaves stacks of others alone', async () => {
    const foreign = newEnvironment(scene.world.spec, []);
    const other = new ProvisionerDriver({
      desired: { ...foreign, name: scene.driver.desired.name },
      provisioner: () => scene.provisioner,
    });
    await scene.driver.untilSettled('Ready');
    const { outcome } = await other.until(({ phase }) => phase === 'Failed');
    expect(outcome.conditions[0].reason).toBe('NameTaken');
    other.want({ deletionRequested: true });
    await other.untilSettled('Deleted');
    expect((await scene.driver.step()).phase).toBe('Ready');
  });

  it('makes a base anew that was deleted past the portal, and says so', async () => {
    await scene.driver.untilSettled('Ready');
    for (const stack of scene.world.region.live())
      stack.terminationProtection = false;
    const client = new CloudFormationClient({
      ...scene.world.aws.clientOptions('somebody'),
      region: REGION,
      credentials: FakeAws.credentialsOf(ACCOUNT),
    });
    for (const kind of ['services', 'core']) {
      const StackName = `genai-${scene.driver.desired.name}-${kind}`;
      await client.send(new DeleteStackCommand({ StackName }));
      scene.world.region.images.forEach(images => images.clear());
      scene.world.aws.clock.advance(120_000);
    }
    client.destroy();
    // What was never finished has no data: it is made once more.
    scene.world.aws.failResource({
      ...{ resource: 'Balancer', on: 'create' },
      reason: 'Rate exceeded',
    });
    const { events } = await scene.driver.until(
      ({ phase }) => phase !== 'Ready',
    );
    expect(events.map(({ reason }) => reason)).toContain('BaseMissing');
    await scene.driver.untilSettled('Ready');
  });
});
