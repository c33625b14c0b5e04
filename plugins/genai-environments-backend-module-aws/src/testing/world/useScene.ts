import type { ReconcileOutcome } from '@genai-environments/backstage-plugin-genai-environments-node';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type {
  AwsProvisioner,
  AwsProvisionerOptions,
} from '../../AwsProvisioner';
import { schemaOf } from '../fakeAws/cloudformation/schemas';
import { AwsWorld } from './AwsWorld';

/** An account, and one environment that a provisioner is driven toward. Test code. */
export class Scene {
  world!: AwsWorld;
  provisioner!: AwsProvisioner;
  driver!: ProvisionerDriver;

  async begin(spec?: (world: AwsWorld) => AwsWorld['spec']): Promise<void> {
    const world = await AwsWorld.create();
    this.world = world;
    this.provisioner = world.createProvisioner();
    this.driver = new ProvisionerDriver({
      desired: newEnvironment(spec?.(world) ?? world.spec, [
        newApplication('default'),
      ]),
      provisioner: () => this.provisioner,
    });
  }

  async end(): Promise<void> {
    await this.provisioner.shutdown();
    await this.world.dispose();
  }

  /** Another process of the portal takes over. */
  async replaceProvisioner(
    overrides?: Partial<AwsProvisionerOptions>,
  ): Promise<void> {
    await this.provisioner.shutdown();
    this.provisioner = this.world.createProvisioner(overrides);
  }

  /** The environment's own stack of that kind. */
  stack(kind: 'core' | 'services') {
    return this.world.region
      .live()
      .find(({ name }) => name.endsWith(`-${kind}`))!;
  }

  untilPhase(phase: ReconcileOutcome['phase']) {
    return this.driver.until(outcome => outcome.phase === phase);
  }
}

/** A scene for each test of the suite. */
export function useScene(
  options: {
    spec?: (world: AwsWorld) => AwsWorld['spec'];
    /** Whether tests begin with an environment that is Ready. */
    isReady?: boolean;
  } = {},
): Scene {
  const scene = new Scene();
  jest.setTimeout(30_000);
  // Reading the schemas of AWS takes seconds, once.
  beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);
  beforeEach(async () => {
    await scene.begin(options.spec);
    if (options.isReady) await scene.driver.untilSettled('Ready');
  });
  afterEach(() => scene.end());
  return scene;
}

/** What people are warned of. */
export function warningsOf(events: ReconcileOutcome['events']): string[] {
  return events
    .filter(({ type }) => type === 'Warning')
    .map(({ message }) => message);
}
