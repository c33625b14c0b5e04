import type { EnvironmentSpec } from '@genai-environments/backstage-plugin-genai-environments-common';
import {
  newApplication,
  newEnvironment,
  ProvisionerDriver,
} from '@genai-environments/backstage-plugin-genai-environments-node/testUtils';
import type { AwsProvisioner } from '../../AwsProvisioner';
import type { ApiCall } from '../fakeAws/Faults';
import { AwsWorld } from './AwsWorld';

export const STAGES = [
  'create',
  'update',
  'operate',
  'rest',
  'rotate',
  'hibernate',
  'wake',
  'teardown',
] as const;
export type Stage = (typeof STAGES)[number];

const MAX_STEPS = 150;
const RETRY_MS = 5000;

/**
 * A whole life of an environment, driven as the backend does it: what throws is tried
 * again, and a process that died is followed by another one. Test code.
 */
export class Lifecycle {
  stage: Stage = 'create';
  readonly driver: ProvisionerDriver;
  private provisioner: AwsProvisioner;
  private generation = 1;
  private spec: EnvironmentSpec;

  private constructor(readonly world: AwsWorld) {
    this.provisioner = world.createProvisioner();
    this.spec = { ...world.spec, services: [...world.spec.services, 'app'] };
    this.driver = new ProvisionerDriver({
      desired: newEnvironment(this.spec, [
        newApplication('default'),
        newApplication('app', { kind: 'project-app' }),
      ]),
      provisioner: () => this.provisioner,
    });
  }

  static async start(): Promise<Lifecycle> {
    return new Lifecycle(await AwsWorld.create());
  }

  /** Goes through the stages, up to and with `last`, and always through teardown. */
  async run(options: {
    last?: Stage;
    after?: (stage: Stage) => Promise<void>;
  }) {
    const { last = 'wake', after } = options;
    for (const stage of STAGES.slice(0, STAGES.indexOf(last) + 1)) {
      if (stage === 'teardown') break;
      await this.go(stage);
      await after?.(stage);
    }
    await this.go('teardown');
    await after?.('teardown');
  }

  async end(): Promise<void> {
    await this.provisioner.shutdown();
    await this.world.dispose();
  }

  private async go(stage: Stage): Promise<void> {
    this.stage = stage;
    const { world, driver } = this;
    if (stage === 'update') this.change({ models: world.changedSpec.models });
    if (stage === 'operate') {
      this.change({
        tasks: { 'model-invocation': 3 },
        restarts: { 'prompt-management': '2026-11-30T12:00:00.000Z' },
      });
    }
    // Long enough for its turn to be looked into.
    if (stage === 'rest') driver.want({ applicationsObserved: true });
    if (stage === 'hibernate') this.change({ hibernated: true });
    if (stage === 'wake') this.change({ hibernated: undefined });
    if (stage === 'teardown') driver.want({ deletionRequested: true });
    if (stage === 'rotate') this.rotate();
    await this.drive(
      { hibernate: 'Hibernated', teardown: 'Deleted' }[stage as string] ??
        'Ready',
    );
  }

  private change(change: Partial<EnvironmentSpec>) {
    this.spec = { ...this.spec, ...change };
    this.driver.want({ spec: this.spec, generation: ++this.generation });
  }

  private rotate() {
    const { applications } = this.driver.desired;
    this.driver.want({
      applications: applications.map(application =>
        application.kind === 'external'
          ? { ...application, secretVersion: 2, revision: 2 }
          : application,
      ),
    });
  }

  private async drive(phase: string): Promise<void> {
    const seen: string[] = [];
    for (let step = 0; step < MAX_STEPS; step++) {
      try {
        const outcome = await this.driver.step();
        const current = outcome.conditions[0];
        seen.push(`${outcome.phase}: ${current.message}`);
        if (outcome.phase === phase && this.isInForce(outcome)) return;
      } catch (error) {
        seen.push(String(error));
        this.world.aws.clock.advance(RETRY_MS);
      }
      if (this.world.aws.faults.isDead(this.world.process)) {
        await this.provisioner.shutdown();
        this.provisioner = this.world.createProvisioner();
      }
    }
    throw new Error(`Never ${phase}:\n${seen.slice(-12).join('\n')}`);
  }

  private isInForce(outcome: {
    phase: string;
    observedGeneration: number;
    applications: Array<{ id: string; revision: number }>;
  }): boolean {
    const { applications } = this.driver.desired;
    if (outcome.phase !== 'Ready') return true;
    return (
      outcome.observedGeneration === this.generation &&
      applications.every(({ id, revision }) =>
        outcome.applications.some(
          item => item.id === id && item.revision === revision,
        ),
      )
    );
  }
}

/** Calls of one signature are alike: what was asked, of which stack. */
export function signatureOf({ service, operation, input }: ApiCall): string {
  const stack = /genai-(?:.*-)?(foundation|core|services)(?![\w-])/.exec(
    String(input.StackName ?? ''),
  );
  const list =
    operation === 'ListStacks' ? input.StackStatusFilter?.length : '';
  return [service, operation, stack?.[1], list].filter(Boolean).join(' ');
}

/** Calls that change something. */
export function isMutation({ operation }: ApiCall): boolean {
  return !/^(Describe|List|Get|Head)/.test(operation);
}
