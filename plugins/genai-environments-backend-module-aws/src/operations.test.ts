import { Turns } from './aws/Turns';
import { useScene } from './testing/world/useScene';

describe('operations of running services', () => {
  const scene = useScene({ isReady: true });

  afterEach(() => jest.restoreAllMocks());

  const definition = () => {
    const [{ physicalId, properties }] = scene.world.region.ofType(
      'AWS::ECS::TaskDefinition',
    );
    const [{ DockerLabels }] = properties.ContainerDefinitions;
    return { physicalId, restarts: DockerLabels['genai.restarted-at'] };
  };
  const ask = async (wish: Partial<typeof scene.world.spec>) => {
    const generation = scene.driver.desired.generation + 1;
    const spec = { ...scene.driver.desired.spec, ...wish };
    scene.driver.want({ spec, generation });
    return scene.driver.untilSettled('Ready');
  };

  it('are offered', async () => {
    expect(await scene.provisioner.getInfo()).toMatchObject({ canScale: true });
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
    const [service] = scene.world.region.ofType('AWS::ECS::Service');
    scene.world.region.running.set(service.physicalId, { count: 2 });
    const spec = { ...scene.world.spec, tasks: { 'model-invocation': 3 } };
    scene.driver.want({ spec, generation: 2 });
    const waiting = await scene.driver.until(({ services: [first] }) =>
      Boolean(first.message),
    );
    expect(waiting.outcome).toMatchObject({
      ...{ phase: 'Updating', observedGeneration: 1 },
      services: [{ health: 'starting', message: '2 of 3 tasks run.' }, {}],
    });
    scene.world.region.running.clear();
    await scene.driver.untilSettled('Ready');
  });

  it('are done although AWS has too few tasks for long, and say so', async () => {
    const [service] = scene.world.region.ofType('AWS::ECS::Service');
    scene.world.region.running.set(service.physicalId, {
      ...{ count: 2, isRolledOut: true },
    });
    const { outcomes, outcome } = await ask({
      tasks: { 'model-invocation': 3 },
    });
    const waited = outcomes.filter(
      ({ progress }) => progress?.currentStep === 'Waiting for all services',
    );
    expect(waited.length).toBeGreaterThan(5);
    expect(outcome.conditions[1]).toMatchObject({
      ...{ type: 'TasksMissing', status: 'True' },
      message: expect.stringContaining('model-invocation (2 of 3)'),
    });
    scene.world.region.running.clear();
    // Also where an environment at rest would only be looked at from afar.
    scene.driver.want({ applicationsObserved: true });
    jest.spyOn(Turns.prototype, 'ask').mockReturnValue(Infinity);
    const after = await scene.driver.step();
    expect(after.conditions.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('stay within what the platform team allows, and say so', async () => {
    scene.world.config.targets[0].settings.maxTasks = '2';
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
    for (const { properties } of scene.world.region.ofType(
      'AWS::ECS::Service',
    )) {
      expect(properties.TaskDefinition).toBe(after.physicalId);
    }
    await ask({ tasks: { 'prompt-management': 2 } });
    expect(definition().physicalId).toBe(after.physicalId);
  });
});
