import type { Blueprints } from './blueprints/types';
import { changeTemplate } from './testing/world/changeTemplate';
import { testBlueprints } from './testing/world/testBlueprints';
import { useScene } from './testing/world/useScene';

const CHOICE = { tier: 'standard', vectorStore: 's3-vectors' } as const;

describe('a newer blueprint', () => {
  const scene = useScene({ isReady: true });

  const useBlueprints = async (blueprints?: Blueprints) => {
    await scene.replaceProvisioner(
      blueprints && { loadBlueprints: () => blueprints },
    );
  };
  const executions = () =>
    scene.world.aws.calls.filter(
      ({ operation }) => operation === 'ExecuteChangeSet',
    ).length;

  it.each<[string, (core: any) => void, RegExp]>([
    [
      'makes data anew',
      ({ Resources }) => {
        Resources.Table.Properties.TableName = 'renamed';
      },
      /the DynamoDB table Table/,
    ],
    [
      'removes data, on a later page of changes',
      ({ Resources }) => {
        for (let index = 0; index < 12; index++) {
          Resources[`Role${index}`] = {
            Type: 'AWS::IAM::Role',
            Properties: { AssumeRolePolicyDocument: {} },
          };
        }
        delete Resources.Data;
      },
      /the S3 bucket Data/,
    ],
  ])('is refused when it %s', async (_, change, named) => {
    const before = executions();
    await useBlueprints(changeTemplate(scene.world, '0.2.0', change));
    scene.driver.want({ generation: 2 });
    const { outcome } = await scene.driver.until(
      ({ phase }) => phase === 'Degraded',
    );
    expect(outcome.conditions[0]).toMatchObject({
      reason: 'DataWouldBeLost',
      message: expect.stringMatching(named),
      nextAction: expect.stringMatching(/change set genai-/),
    });
    expect((await scene.driver.step()).events).toEqual([]);
    expect(executions()).toBe(before);

    await useBlueprints();
    scene.driver.want({ generation: 3 });
    await scene.driver.untilSettled('Ready');
  });

  it('changes what it is about, and no tags', async () => {
    const tags = () =>
      scene.world.region
        .live()
        .map(({ name, content }) => [name, content!.tags]);
    const before = tags();
    const executed = executions();
    await useBlueprints(changeTemplate(scene.world, '0.2.0', () => {}));
    scene.driver.want({ generation: 2, owner: 'group:default/others' });
    await scene.driver.untilSettled('Ready');
    // The image of the runtime has another version; the base is as it was.
    expect(executions()).toBe(executed + 1);
    expect(tags()).toEqual(before);
  });

  it('is seen by its template alone', async () => {
    const blueprints = changeTemplate(scene.world, '0.1.0', ({ Resources }) => {
      Resources.Key.Properties.Description = 'Of the data';
    });
    const [key] = scene.world.region.ofType('AWS::KMS::Key');
    await useBlueprints(blueprints);
    await scene.driver.step();
    expect(key.properties.Description).toBeUndefined();
    scene.driver.want({ generation: 2 });
    await scene.driver.untilSettled('Ready');
    expect(key.properties.Description).toBe('Of the data');
  });

  it('is not that of another vector store, though the target has it now', async () => {
    const other = changeTemplate(scene.world, '0.1.0', ({ Resources }) => {
      delete Resources.Vectors;
    }).find(CHOICE);
    const { version, find } = testBlueprints();
    await useBlueprints({
      version,
      find: ({ vectorStore, ...choice }) =>
        vectorStore === 's3-vectors'
          ? find({ ...choice, vectorStore })
          : { ...other, ...{ id: 'standard-other', vectorStore } },
    });
    scene.world.config.targets[0].vectorStore = 'opensearch-serverless';
    const [{ physicalId }] = scene.world.region.ofType(
      'AWS::S3Vectors::VectorBucket',
    );
    scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
    await scene.driver.untilSettled('Ready');
    const [bucket] = scene.world.region.ofType('AWS::S3Vectors::VectorBucket');
    expect(bucket.physicalId).toBe(physicalId);

    await useBlueprints({
      version,
      find: () => ({ ...other, id: 'standard-other' }),
    });
    scene.driver.want({ generation: 3 });
    const { outcome } = await scene.driver.until(
      ({ phase }) => phase === 'Degraded',
    );
    expect(outcome.conditions[0].reason).toBe('BlueprintGone');
  });

  it('comes to the base before an image that was pushed comes to the services', async () => {
    scene.world.pushesImages = false;
    const services = [...scene.world.spec.services, 'app' as const];
    scene.driver.want({
      spec: { ...scene.world.spec, services },
      generation: 2,
    });
    await scene.driver.untilSettled('Ready');
    const blueprints = changeTemplate(
      scene.world,
      '0.2.0',
      (core, own, blueprint) => {
        core.Outputs.Queue = { Value: { Ref: 'Data' } };
        own.Parameters.Queue = { Type: 'String' };
        blueprint.services.parameters.push({
          name: 'Queue',
          source: { from: 'output', stack: 'core', output: 'Queue' },
        });
      },
    );
    await useBlueprints(blueprints);
    expect((await scene.driver.step()).phase).toBe('Ready');
    scene.world.pushesImages = true;
    const { outcome } = await scene.driver.until(
      ({ phase, services: [, , app] }) =>
        phase === 'Ready' && app.health === 'healthy',
    );
    expect(outcome.observedGeneration).toBe(2);
  });
});
