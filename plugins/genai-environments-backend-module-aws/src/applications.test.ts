import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import { newApplication } from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import { TEXT_MODEL } from './testing/world/AwsWorld';
import { useScene } from './testing/world/useScene';

const HOUR_MS = 3_600_000;

describe('the applications of an environment', () => {
  const scene = useScene({ isReady: true });

  const client = () => {
    const [{ clients }] = scene.world.region.userPools.values();
    return [...clients.values()][0];
  };
  const told = () => scene.world.environment.told.get(client().id);
  /** As an owner does whose client has leaked. */
  const disable = () => {
    const [application] = scene.driver.desired.applications;
    scene.driver.want({
      applications: [{ ...application, enabled: false, revision: 2 }],
      applicationsObserved: false,
    });
  };
  const expectDisabled = ({ applications }: ReconcileOutcome) => {
    expect(applications).toMatchObject([{ revision: 2 }]);
    expect(client()).toMatchObject({ flowsAllowed: false, flows: [] });
  };
  const loseModel = () => {
    const { region, aws } = scene.world;
    const index = region.models.findIndex(
      ({ modelId }) => modelId === TEXT_MODEL,
    );
    const [model] = region.models.splice(index, 1);
    aws.clock.advance(HOUR_MS);
    return () => {
      region.models.push(model);
      aws.clock.advance(HOUR_MS);
    };
  };
  const serviceOf = () => scene.world.region.ofType('AWS::ECS::Service')[0];

  describe('are disabled', () => {
    it('while Bedrock has a model no more', async () => {
      loseModel();
      disable();
      const outcome = await scene.driver.step();
      expect(outcome.conditions[0].reason).toBe('ModelGone');
      expectDisabled(outcome);
      expect(told()).toMatchObject({ enabled: false, revision: 2 });
    });

    it('although the environment does not answer, and it is told later', async () => {
      const findModel = loseModel();
      scene.world.environment.isSilent = true;
      disable();
      expectDisabled(await scene.driver.step());
      expect(told()).toMatchObject({ enabled: true });
      scene.world.environment.isSilent = false;
      findModel();
      await scene.driver.untilSettled('Ready');
      expect(told()).toMatchObject({ enabled: false, revision: 2 });
    });

    it('while the foundation of the account is not there', async () => {
      scene.world.region.live()[0].name = 'gone';
      await scene.replaceProvisioner();
      disable();
      const outcome = await scene.driver.step();
      expect(outcome.conditions[0].reason).toBe('AccountNotBootstrapped');
      expectDisabled(outcome);
    });

    it('while CloudFormation is at work', async () => {
      scene.stack('services').status = 'UPDATE_IN_PROGRESS';
      disable();
      const outcome = await scene.driver.step();
      expect(outcome.phase).toBe('Updating');
      expectDisabled(outcome);
    });

    it('while a change of the base does not succeed', async () => {
      scene.world.aws.failResource(
        {
          ...{ resource: 'Profile2', on: 'create' },
          reason: 'AccessDenied: bedrock:CreateInferenceProfile',
        },
        9,
      );
      scene.driver.want({ spec: scene.world.changedSpec, generation: 2 });
      await scene.untilPhase('Degraded');
      disable();
      const outcome = await scene.driver.step();
      expect(outcome.conditions[0].reason).toBe('PermissionMissing');
      expectDisabled(outcome);
    });

    it('while services start', async () => {
      scene.world.region.running.set(serviceOf().physicalId, { count: 1 });
      serviceOf().properties.DesiredCount = 2;
      disable();
      const outcome = await scene.driver.step();
      expect(outcome.services[0].health).toBe('starting');
      expectDisabled(outcome);
    });
  });

  it('are forgotten by an environment that did not hear of their end', async () => {
    const findModel = loseModel();
    const { id } = client();
    scene.world.environment.isSilent = true;
    scene.driver.want({ applications: [], applicationsObserved: false });
    await scene.driver.step();
    expect(scene.world.region.userPools.values().next().value!.clients).toEqual(
      new Map(),
    );
    expect([...scene.world.environment.told.keys()]).toEqual([id]);
    scene.world.environment.isSilent = false;
    findModel();
    await scene.driver.untilSettled('Ready');
    expect(scene.world.environment.told.size).toBe(0);
  });

  it('keep the end of their grace in mind while only the own app is looked at', async () => {
    const [application] = scene.driver.desired.applications;
    const rotated = { ...application, secretVersion: 2, revision: 2 };
    const hibernated = { ...scene.world.spec, hibernated: true };
    scene.driver.want({ applications: [rotated] });
    await scene.driver.untilSettled('Ready');
    scene.driver.want({ spec: hibernated, generation: 2 });
    await scene.untilPhase('Hibernated');
    const services = [...scene.world.spec.services, 'app' as const];
    scene.driver.want({
      spec: { ...scene.world.spec, services },
      generation: 3,
      applications: [rotated, newApplication('app', { kind: 'project-app' })],
      applicationsObserved: true,
    });
    const { outcomes } = await scene.untilPhase('Ready');
    for (const { conditions } of outcomes) {
      expect(conditions.map(({ type }) => type)).toContain('SecretGrace');
    }
  });

  it('are deleted while Bedrock has a model no more', async () => {
    loseModel();
    const { id } = client();
    scene.driver.want({ applications: [], applicationsObserved: false });
    expect((await scene.driver.step()).phase).toBe('Degraded');
    expect(client()).toBeUndefined();
    expect(scene.world.environment.told.has(id)).toBe(false);
  });

  it('are not asked for again and again while something is in the way', async () => {
    loseModel();
    await scene.driver.step();
    scene.driver.want({ applicationsObserved: true });
    scene.world.aws.calls.splice(0);
    await scene.driver.step();
    expect(
      scene.world.aws.calls.filter(({ service }) => service === 'cognito-idp'),
    ).toEqual([]);
  });
});
