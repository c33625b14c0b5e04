import { useScene } from './testing/world/useScene';

// AWS says that others are deleted when one is executed; not what becomes of that one.
describe.each([
  ['stay readable', true],
  ['are gone', false],
])('change sets that %s once they were executed', (_, keepsExecuted) => {
  const scene = useScene();

  beforeEach(() => {
    scene.world.region.keepsExecuted = keepsExecuted;
  });

  it('are made anew for a plan that comes back', async () => {
    await scene.driver.untilSettled('Ready');
    let generation = 1;
    for (let round = 0; round < 3; round++) {
      const hibernated = { ...scene.world.spec, hibernated: true };
      scene.driver.want({ spec: hibernated, generation: ++generation });
      await scene.driver.until(({ phase }) => phase === 'Hibernated');
      scene.driver.want({ spec: scene.world.spec, generation: ++generation });
      await scene.driver.untilSettled('Ready');
    }
    const tokens = scene.world.aws.calls
      .filter(({ operation }) => operation === 'ExecuteChangeSet')
      .map(({ input }) => input.ClientRequestToken);
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('are made anew after a change that failed', async () => {
    await scene.driver.untilSettled('Ready');
    scene.world.aws.failResource(
      {
        ...{ resource: 'Profile2', on: 'create' },
        reason: 'Something only AWS knows',
      },
      2,
    );
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { outcome } = await scene.driver.until(
        ({ phase }) => phase === 'Degraded',
      );
      expect(outcome.conditions[0].reason).toBe('ResourceFailed');
      scene.world.aws.clock.advance(31 * 60_000);
      await scene.driver.until(({ phase }) => phase !== 'Degraded');
    }
    const { outcome } = await scene.driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('do not stop a creation that is begun again', async () => {
    scene.world.aws.failResource(
      {
        ...{ resource: 'Balancer', on: 'create' },
        reason: 'Rate exceeded',
      },
      2,
    );
    const { outcomes } = await scene.driver.untilSettled('Ready');
    expect(outcomes.map(({ phase }) => phase)).not.toContain('Failed');
  });
});
