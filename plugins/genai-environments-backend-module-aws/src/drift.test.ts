import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from './AwsProvisioner';
import { schemaOf } from './testing/fakeAws/cloudformation/schemas';
import { AwsWorld } from './testing/world/AwsWorld';

const HOUR_MS = 3_600_000;

jest.setTimeout(30_000);
beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

describe('changes by hand', () => {
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
    await driver.untilSettled('Ready');
    driver.want({ applicationsObserved: true });
  });

  afterEach(async () => {
    await provisioner.shutdown();
    await world.dispose();
  });

  const stackOf = (kind: string) =>
    world.region.live().find(({ name }) => name.endsWith(`-${kind}`))!;
  const detections = () =>
    world.aws.calls
      .filter(({ operation }) => operation === 'DetectStackDrift')
      .map(({ input }) => String(input.StackName).split('-').at(-1));
  /** As long as some looks into the environment take. */
  const rest = async () => {
    for (let step = 0; step < 15; step++) await driver.step();
    return driver.step();
  };

  it('are looked for in each stack once a day', async () => {
    await rest();
    expect(detections().sort()).toEqual(['core', 'services']);
    await rest();
    expect(detections()).toHaveLength(2);
    world.aws.clock.advance(25 * HOUR_MS);
    await rest();
    expect(detections()).toHaveLength(4);
  });

  it('are told, and no more once they are undone', async () => {
    stackOf('core').changedByHand.add('Table');
    await rest();
    const { conditions, phase } = await rest();
    expect(phase).toBe('Ready');
    expect(conditions[1]).toMatchObject({
      ...{ type: 'Drifted', status: 'True', reason: 'ChangedByHand' },
    });
    stackOf('core').changedByHand.clear();
    world.aws.clock.advance(25 * HOUR_MS);
    await rest();
    const after = await rest();
    expect(after.conditions.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('are not those that work makes of the number of workers', async () => {
    const { services } = world.tested.blueprints.find({
      ...{ tier: 'standard', vectorStore: 's3-vectors' },
    });
    services.ecsServices.push({
      ...{ logicalId: 'PromptManagement', name: 'worker-documents' },
      ...{ hosts: [], workers: ['ingest'] },
    });
    try {
      stackOf('services').changedByHand.add('PromptManagement');
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
    const logger = { ...world.logger, warn } as LoggerService;
    const reconcile = provisioner.reconcile.bind(provisioner);
    provisioner.reconcile = (desired, context) =>
      reconcile(desired, { ...context, logger });
    world.aws.faults.add(
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
