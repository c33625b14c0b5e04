import { useScene, warningsOf } from './testing/world/useScene';

describe('a teardown in AWS', () => {
  const scene = useScene();

  const remains = () => scene.world.findRemains(scene.driver.desired);

  it('names what blocks a teardown, leaves it behind, and sweeps it', async () => {
    await scene.driver.untilSettled('Ready');
    scene.world.aws.failResource(
      { resource: 'Data', on: 'delete', reason: 'The bucket is not empty' },
      4,
    );
    scene.driver.want({ deletionRequested: true });
    const { events } = await scene.driver.untilSettled('Deleted');
    const told = warningsOf(events);
    expect(told).toHaveLength(3);
    expect(told[0]).toMatch(/could not delete the S3 bucket .* tried again/);
    expect(told[2]).toMatch(/still cannot delete .* swept afterwards/);
    expect(events.map(({ reason }) => reason)).toContain('RemainsSwept');
    expect(await remains()).toEqual([]);
  });

  it('leaves nothing behind because AWS was busy', async () => {
    await scene.driver.untilSettled('Ready');
    scene.world.aws.failResource(
      { resource: 'Data', on: 'delete', reason: 'Rate exceeded' },
      5,
    );
    scene.driver.want({ deletionRequested: true });
    const begun = scene.world.aws.clock.now();
    const { events } = await scene.driver.untilSettled('Deleted');
    const told = warningsOf(events);
    expect(told).toHaveLength(5);
    expect(told.join()).not.toMatch(/swept afterwards/);
    expect(events.map(({ reason }) => reason)).not.toContain('RemainsSwept');
    expect(scene.world.aws.clock.now() - begun).toBeGreaterThan(15 * 60_000);
  });

  it('names an object that S3 does not delete', async () => {
    await scene.driver.untilSettled('Ready');
    const core = scene.stack('core');
    const bucket = core.resources.get('Data')!.physicalId;
    scene.world.region.buckets.get(bucket)!.set('held', 'x');
    scene.world.region.lockedObjects.add('held');
    scene.driver.want({ deletionRequested: true });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'DataLocked',
      message: expect.stringMatching(
        `object held of the bucket ${bucket}: AccessDenied`,
      ),
    });
    scene.world.region.lockedObjects.clear();
    await scene.driver.untilSettled('Deleted');
  });

  it('stops at what cannot be swept, and ends when somebody has', async () => {
    await scene.driver.untilSettled('Ready');
    scene.world.aws.failResource(
      { resource: 'Key', on: 'delete', reason: 'Something only AWS knows' },
      9,
    );
    scene.driver.want({ deletionRequested: true });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.conditions[0]).toMatchObject({ reason: 'RemainsFound' });
    expect(outcome.conditions[0].message).toContain('arn:aws:kms:');
    const [key] = scene.world.region.ofType('AWS::KMS::Key');
    scene.world.region.discard(key);
    await scene.driver.untilSettled('Deleted');
  });

  it('ends although AWS goes on listing what is deleted', async () => {
    await scene.driver.untilSettled('Ready');
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    await scene.driver.untilSettled('Ready');
    scene.driver.want({ deletionRequested: true });
    const { events } = await scene.driver.untilSettled('Deleted');
    expect(warningsOf(events)).toEqual([]);
    expect(events.map(({ reason }) => reason)).not.toContain('RemainsSwept');
    const listed = [...scene.world.region.lingering].map(({ type }) => type);
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
    const asked = scene.world.aws.calls.map(({ operation }) => operation);
    expect(asked).toContain('DescribeTaskDefinition');
    expect(asked).not.toContain('DescribeKey');
  });

  it('removes what is in buckets, vector stores and repositories', async () => {
    await scene.driver.untilSettled('Ready');
    const { region } = scene.world;
    for (const [name, objects] of region.buckets) {
      if (!name.includes('-core-')) continue;
      for (let index = 0; index < 2500; index++) objects.set(`${index}`, 'x');
    }
    for (const indexes of region.vectorIndexes.values()) indexes.add('chunks');
    scene.driver.want({ deletionRequested: true });
    const { events } = await scene.driver.untilSettled('Deleted');
    expect(warningsOf(events)).toEqual([]);
    expect(await remains()).toEqual([]);
  });

  it('never empties the base of a running environment that somebody began to delete', async () => {
    await scene.driver.untilSettled('Ready');
    const stack = scene.stack('core');
    const bucket = stack.resources.get('Data')!.physicalId;
    scene.world.region.buckets.get(bucket)!.set('precious', 'x');
    stack.status = 'DELETE_FAILED';
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.conditions[0].reason).toBe('BaseDamaged');
    await scene.driver.step();
    expect([...scene.world.region.buckets.get(bucket)!.keys()]).toEqual([
      'precious',
    ]);

    scene.driver.want({ deletionRequested: true });
    await scene.driver.untilSettled('Deleted');
    expect(await remains()).toEqual([]);
  });
});
