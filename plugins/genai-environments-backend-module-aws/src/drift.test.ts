import type { LoggerService } from '@backstage/backend-plugin-api';
import { useScene } from './testing/world/useScene';

const HOUR_MS = 3_600_000;

describe('changes by hand', () => {
  const scene = useScene({ isReady: true });

  beforeEach(() => scene.driver.want({ applicationsObserved: true }));

  const detections = () =>
    scene.world.aws.calls
      .filter(({ operation }) => operation === 'DetectStackDrift')
      .map(({ input }) => String(input.StackName).split('-').at(-1));
  /** As long as some looks into the environment take. */
  const rest = async () => {
    for (let step = 0; step < 15; step++) await scene.driver.step();
    return scene.driver.step();
  };

  it('are looked for in each stack once a day', async () => {
    await rest();
    expect(detections().sort()).toEqual(['core', 'services']);
    await rest();
    expect(detections()).toHaveLength(2);
    scene.world.aws.clock.advance(25 * HOUR_MS);
    await rest();
    expect(detections()).toHaveLength(4);
  });

  it('are told, and no more once they are undone', async () => {
    scene.stack('core').changedByHand.add('Table');
    await rest();
    const { conditions, phase } = await rest();
    expect(phase).toBe('Ready');
    expect(conditions[1]).toMatchObject({
      ...{ type: 'Drifted', status: 'True', reason: 'ChangedByHand' },
    });
    scene.stack('core').changedByHand.clear();
    scene.world.aws.clock.advance(25 * HOUR_MS);
    await rest();
    const after = await rest();
    expect(after.conditions.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('are not those that work makes of the number of workers', async () => {
    const { services } = scene.world.tested.blueprints.find({
      ...{ tier: 'standard', vectorStore: 's3-vectors' },
    });
    services.ecsServices.push({
      ...{ logicalId: 'PromptManagement', name: 'worker-documents' },
      ...{ hosts: [], workers: ['ingest'] },
    });
    try {
      scene.stack('services').changedByHand.add('PromptManagement');
      await rest();
      const { conditions } = await rest();
      expect(detections()).toContain('services');
      expect(conditions.map(({ type }) => type)).toEqual(['Ready']);
    } finally {
      services.ecsServices.pop();
    }
  });

  it('are not looked for where the role may not, and that is said once', async () => {
    const warn = jest.fn();
    const logger = { ...scene.world.logger, warn } as LoggerService;
    const reconcile = scene.provisioner.reconcile.bind(scene.provisioner);
    scene.provisioner.reconcile = (desired, context) =>
      reconcile(desired, { ...context, logger });
    scene.world.aws.faults.add(
      'deny',
      ({ operation }) => operation === 'DetectStackDrift',
      Infinity,
    );
    expect((await rest()).phase).toBe('Ready');
    expect((await rest()).phase).toBe('Ready');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(detections()).toHaveLength(1);
  });
});
