import { EMBEDDING_MODEL, REGION, TEXT_MODEL } from './testing/world/AwsWorld';
import { useScene } from './testing/world/useScene';

describe('models of an environment', () => {
  const scene = useScene({
    spec: world => world.changedSpec,
    isReady: true,
  });

  const BEDROCK_KEPT_MS = 31 * 60_000;
  const replaceModel = (modelId: string, ...by: object[]) => {
    const { region, aws } = scene.world;
    const index = region.models.findIndex(item => item.modelId === modelId);
    const [model] = region.models.splice(index, 1);
    region.models.push(...by.map(changed => ({ ...model, ...changed })));
    aws.clock.advance(BEDROCK_KEPT_MS);
  };

  it('keep their inference profiles when another one goes', async () => {
    const profile = scene.stack('core').resources.get('Profile2')!.physicalId;
    scene.driver.want({
      spec: { ...scene.world.spec, models: [EMBEDDING_MODEL] },
      generation: 2,
    });
    await scene.driver.untilSettled('Ready');
    expect(scene.stack('core').resources.get('Profile2')!.physicalId).toBe(
      profile,
    );
    const { ContainerDefinitions } = scene
      .stack('services')
      .resources.get('Task')!.properties;
    const bedrock = ContainerDefinitions[0].Environment.find(
      ({ Name }: { Name: string }) => Name === 'GENAI_BEDROCK',
    );
    expect(JSON.parse(bedrock.Value).models).toEqual([
      expect.objectContaining({
        id: EMBEDDING_MODEL,
        modelId: expect.stringContaining(profile),
      }),
    ]);
  });

  it('are used on when they turn legacy, and offered to nobody else', async () => {
    replaceModel(TEXT_MODEL, { modelLifecycle: { status: 'LEGACY' } });
    const offered = await scene.provisioner.listModels({ region: REGION });
    expect(offered.map(({ id }) => id)).toEqual([EMBEDDING_MODEL]);
    scene.driver.want({ generation: 2 });
    const { outcome } = await scene.driver.untilSettled('Ready');
    expect(outcome.observedGeneration).toBe(2);
  });

  it('stop nobody from hibernating when Bedrock has them no more', async () => {
    replaceModel(TEXT_MODEL);
    const hibernated = { ...scene.world.changedSpec, hibernated: true };
    scene.driver.want({ spec: hibernated, generation: 2 });
    await scene.driver.until(({ phase }) => phase === 'Hibernated');
    expect(scene.stack('core').content!.parameters.Model1).toContain(
      TEXT_MODEL,
    );

    scene.driver.want({ spec: scene.world.changedSpec, generation: 3 });
    const { outcome } = await scene.driver.until(
      ({ phase }) => phase === 'Degraded',
    );
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'ModelGone',
      message: expect.stringContaining(TEXT_MODEL),
    });
  });
});
