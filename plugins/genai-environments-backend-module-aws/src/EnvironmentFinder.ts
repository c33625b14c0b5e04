import { NotFoundError } from '@backstage/errors';
import { tierSchema } from '@genai-environments/backstage-plugin-genai-environments-common';
import type { EnvironmentIdentity } from '@genai-environments/backstage-plugin-genai-environments-node';
import type { StackState } from './aws/stackRecords';
import type { TargetAws } from './aws/TargetAws';
import { blueprintOf } from './blueprints/blueprintOf';
import type { Blueprints, EnvironmentBlueprint } from './blueprints/types';
import { stackName, TAG_TIER, TAG_UID } from './names';
import type { Targets } from './Targets';

/** Where an environment is, and its stack that is there as long as it is. */
export type Base = { aws: TargetAws; core: StackState };

/** Where an environment is, and what it was made with. */
export type Home = { aws: TargetAws; blueprint: EnvironmentBlueprint };

/**
 * Finds environments of which only the identity is known. What it remembers, the target and
 * the blueprint, stays the same as long as an environment lives.
 */
export class EnvironmentFinder {
  private readonly targetIds = new Map<string, string>();
  private readonly blueprints = new Map<string, EnvironmentBlueprint>();

  constructor(
    private readonly options: {
      targets: Targets;
      loadBlueprints: () => Blueprints;
    },
  ) {}

  /** An environment was seen in a target. */
  remember(uid: string, targetId: string): void {
    this.targetIds.set(uid, targetId);
  }

  forget(uid: string): void {
    this.targetIds.delete(uid);
    this.blueprints.delete(uid);
  }

  isKnown(uid: string): boolean {
    return this.targetIds.has(uid);
  }

  /** @throws NotFoundError when no target has the environment */
  async locate(environment: EnvironmentIdentity): Promise<TargetAws> {
    const targetId = this.targetIds.get(environment.uid);
    if (targetId) return this.options.targets.get(targetId);
    const base = await this.search(environment);
    if (base) return base.aws;
    throw new NotFoundError(
      `Environment ${environment.name} does not exist in AWS (yet).`,
    );
  }

  /** `undefined` when no target has a base of this environment. */
  async findBase(environment: EnvironmentIdentity): Promise<Base | undefined> {
    const targetId = this.targetIds.get(environment.uid);
    return targetId
      ? this.look(environment, targetId)
      : this.search(environment);
  }

  /** `undefined` as long as it has no base. */
  async findHome(environment: EnvironmentIdentity): Promise<Home | undefined> {
    const { uid } = environment;
    const targetId = this.targetIds.get(uid);
    const known = this.blueprints.get(uid);
    if (targetId && known) {
      return { aws: this.options.targets.get(targetId), blueprint: known };
    }
    const base = await this.findBase(environment);
    if (!base) return undefined;
    const blueprint = this.blueprintOf(base);
    this.blueprints.set(uid, blueprint);
    return { aws: base.aws, blueprint };
  }

  private async search(
    environment: EnvironmentIdentity,
  ): Promise<Base | undefined> {
    const failures: unknown[] = [];
    for (const targetId of this.options.targets.ids) {
      try {
        const base = await this.look(environment, targetId);
        if (!base) continue;
        this.remember(environment.uid, targetId);
        return base;
      } catch (error) {
        // It may be in another one.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
  }

  private async look(
    { uid, name }: EnvironmentIdentity,
    targetId: string,
  ): Promise<Base | undefined> {
    const aws = this.options.targets.get(targetId);
    const core = await aws.cloudFormation.describe(stackName('core', name));
    return core?.tags[TAG_UID] === uid ? { aws, core } : undefined;
  }

  private blueprintOf({ aws, core }: Base): EnvironmentBlueprint {
    const blueprints = this.options.loadBlueprints();
    const choice = {
      tier: tierSchema.parse(core.tags[TAG_TIER]),
      vectorStore: aws.target.vectorStore,
    };
    return blueprintOf(blueprints, choice, core) ?? blueprints.find(choice);
  }
}
