import { Turns } from './aws/Turns';
import { useScene } from './testing/world/useScene';

describe('what runs in AWS', () => {
  const scene = useScene();

  afterEach(() => jest.restoreAllMocks());

  it('is Degraded while no task of a service runs, with what ECS says', async () => {
    await scene.driver.untilSettled('Ready');
    const [arn] = [...scene.world.region.resources.values()]
      .filter(({ type }) => type === 'AWS::ECS::Service')
      .map(({ physicalId }) => physicalId);
    scene.world.region.running.set(arn, {
      count: 0,
      reason: 'OutOfMemoryError',
    });
    const { outcome } = await scene.untilPhase('Degraded');
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'ServiceUnhealthy',
      message: expect.stringContaining('OutOfMemoryError'),
    });
    scene.world.region.running.clear();
    await scene.driver.untilSettled('Ready');

    scene.world.region.resources.delete(`AWS::ECS::Service ${arn}`);
    const removed = await scene.untilPhase('Degraded');
    expect(removed.outcome.conditions[0].message).toContain(
      'ECS has no such service',
    );
  });

  it('is Ready while only scaling out lags', async () => {
    await scene.driver.untilSettled('Ready');
    const [service] = scene.world.region.ofType('AWS::ECS::Service');
    service.properties.DesiredCount = 2;
    scene.world.region.running.set(service.physicalId, {
      ...{ count: 1, isRolledOut: true },
    });
    const outcome = await scene.driver.step();
    expect(outcome).toMatchObject({
      phase: 'Ready',
      services: [
        {
          ...{ health: 'healthy', message: '1 of 2 tasks run.' },
          tasks: { running: 1, desired: 2 },
        },
        {},
      ],
    });
    expect(outcome.conditions.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('is Degraded when the tasks of a deployment do not come in time', async () => {
    await scene.driver.untilSettled('Ready');
    const [service] = scene.world.region.ofType('AWS::ECS::Service');
    service.properties.DesiredCount = 2;
    service.changedAt = scene.world.aws.clock.now();
    scene.world.region.running.set(service.physicalId, {
      ...{ count: 1, reason: 'Capacity is unavailable at this time' },
    });
    expect((await scene.driver.step()).phase).toBe('Updating');
    scene.world.aws.clock.advance(15 * 60_000);
    const outcome = await scene.driver.step();
    expect(outcome).toMatchObject({
      ...{ phase: 'Degraded', services: [{ health: 'unhealthy' }, {}] },
      conditions: [
        {
          reason: 'TasksDoNotStart',
          message: expect.stringMatching(/1 of 2 tasks run.*Capacity/),
          nextAction: expect.stringContaining('/genai/'),
        },
      ],
    });
    expect((await scene.driver.step()).events).toEqual([]);
    scene.world.region.running.clear();
    await scene.driver.untilSettled('Ready');
  });

  it('is Ready without an image of the app, and rolls out the first push', async () => {
    scene.world.pushesImages = false;
    const services = [...scene.world.spec.services, 'app' as const];
    const spec = { ...scene.world.spec, services };
    scene.driver.want({ spec, generation: 2 });
    const { outcome } = await scene.driver.untilSettled('Ready');
    expect(outcome.services.at(-1)).toMatchObject({
      ...{ name: 'app', health: 'stopped' },
      message: expect.stringMatching(/no image yet/),
    });
    scene.world.pushesImages = true;
    const pushed = await scene.driver.until(
      ({ phase, services: [, , app] }) =>
        phase === 'Ready' && app.health === 'healthy',
    );
    expect(pushed.outcome.outputs.appUrl).toMatch(/\/app\/$/);
  });

  it('tells the environment of its applications, also after it was woken', async () => {
    await scene.driver.untilSettled('Ready');
    const [{ clientId }] = scene.driver.desired.applications;
    expect(scene.world.environment.told.get(clientId)).toMatchObject({
      enabled: true,
    });
    const hibernated = { ...scene.world.spec, hibernated: true };
    scene.driver.want({ spec: hibernated, generation: 2 });
    await scene.untilPhase('Hibernated');
    const [application] = scene.driver.desired.applications;
    scene.driver.want({
      applications: [{ ...application, enabled: false, revision: 2 }],
    });
    await scene.untilPhase('Hibernated');
    scene.driver.want({ spec: scene.world.spec, generation: 3 });
    await scene.driver.untilSettled('Ready');
    expect(scene.world.environment.told.get(clientId)).toMatchObject({
      ...{ enabled: false, revision: 2 },
    });
    scene.driver.want({ applications: [] });
    await scene.driver.untilSettled('Ready');
    expect(scene.world.environment.told.size).toBe(0);
  });

  it('says of the runtime what the runtime says, wherever its image is from', async () => {
    scene.world.config.targets[0].runtimeImage =
      'mirror.example/genai-runtime:1.2.3';
    await scene.driver.untilSettled('Ready');
    expect(scene.driver.desired.status.outputs.runtime).toEqual({
      ...{ version: '1.2.3', source: 'bundled' },
    });

    scene.world.environment.release = { version: '1.3.0', source: 'own' };
    scene.world.config.targets[0].runtimeImage = 'own.example/services:1.3.0';
    scene.driver.want({ generation: 2 });
    await scene.driver.untilSettled('Ready');
    expect(scene.driver.desired.status.outputs.runtime).toEqual({
      ...{ version: '1.3.0', source: 'own' },
    });
  });

  it('ends the secret before a rotation after its grace, out of turn', async () => {
    await scene.driver.untilSettled('Ready');
    const [application] = scene.driver.desired.applications;
    scene.driver.want({
      applications: [{ ...application, secretVersion: 2, revision: 2 }],
    });
    const { outcome } = await scene.driver.untilSettled('Ready');
    expect(outcome.conditions[1]).toMatchObject({
      ...{ type: 'SecretGrace', status: 'True' },
      reason: expect.stringMatching(/^EndsAt\d{8}T\d{6}Z$/),
      message: expect.stringMatching(
        /before the last rotation .* of: default\. /,
      ),
    });
    const [client] = [...scene.world.region.userPools.values()].flatMap(
      pool => [...pool.clients.values()],
    );
    expect(client.secrets).toHaveLength(2);
    const [, newest] = client.secrets;
    // As the backend says it of an environment at rest; others have the turns.
    scene.driver.want({ applicationsObserved: true });
    jest.spyOn(Turns.prototype, 'ask').mockReturnValue(Infinity);
    expect((await scene.driver.step()).conditions).toHaveLength(2);
    scene.world.aws.clock.advance(25 * 3_600_000);
    const { conditions } = await scene.driver.step();
    expect(client.secrets).toEqual([newest]);
    expect(conditions.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('ends the secret before a rotation also while something is in the way', async () => {
    await scene.driver.untilSettled('Ready');
    const [application] = scene.driver.desired.applications;
    scene.driver.want({
      applications: [{ ...application, secretVersion: 2, revision: 2 }],
    });
    await scene.driver.untilSettled('Ready');
    scene.driver.want({ applicationsObserved: true });
    scene.world.region.models = [];
    scene.world.aws.clock.advance(3_600_000);
    scene.driver.want({ generation: 2 });
    await scene.untilPhase('Degraded');
    const [client] = [...scene.world.region.userPools.values()].flatMap(
      pool => [...pool.clients.values()],
    );
    expect(client.secrets).toHaveLength(2);
    scene.world.aws.clock.advance(25 * 3_600_000);
    await scene.driver.step();
    expect(client.secrets).toHaveLength(1);
  });
});
