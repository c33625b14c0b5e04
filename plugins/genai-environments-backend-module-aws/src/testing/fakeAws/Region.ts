import { randomUUID } from 'node:crypto';
import type { Resource, Stack } from './cloudformation/Stack';
import type { FakeLogEvent } from './apis/logs';
import type { UserPool } from './apis/cognito';
import type { Secret } from './apis/secrets';

/** Keys of objects, and images, and vector indexes: what blocks a deletion. */
export type Contents = Set<string>;

/** Everything that exists in one region of one account. Test code. */
export class Region {
  /** Newest last; deleted ones stay, as they do in AWS. */
  readonly stacks: Stack[] = [];
  /** By `type physicalId`. */
  readonly resources = new Map<string, Resource>();
  /** What was deleted and is still listed by its tags. */
  readonly lingering = new Set<Resource>();
  readonly exports = new Map<string, string>();
  /** By name of the bucket; also those that no stack made. */
  readonly buckets = new Map<string, Map<string, string>>();
  /** Keys of objects that nobody can delete. */
  readonly lockedObjects = new Set<string>();
  readonly vectorIndexes = new Map<string, Contents>();
  readonly images = new Map<string, Contents>();
  readonly userPools = new Map<string, UserPool>();
  readonly secrets = new Map<string, Secret>();
  /** Running tasks by ARN of the service; default: as many as are desired. */
  readonly running = new Map<
    string,
    {
      count: number;
      reason?: string;
      /** Its deployment has ended: what lacks is scaling out. */
      isRolledOut?: boolean;
    }
  >();
  /** Lines by log group, in the order in which they came in. */
  readonly logs = new Map<string, FakeLogEvent[]>();
  /** Names of alarms that are in state ALARM. */
  readonly alarms = new Set<string>();
  /** Ids of stacks with tokens of requests: each does something once. */
  readonly usedTokens = new Set<string>();
  /** The quota of stacks. */
  maxStacks = 2000;
  /** Whether a change set can still be read once it was executed. */
  keepsExecuted = true;
  models: Array<Record<string, unknown>> = [];
  inferenceProfiles: Array<Record<string, unknown>> = [];

  constructor(readonly accountId: string, readonly name: string) {}

  find(type: string, physicalId: string): Resource | undefined {
    return this.resources.get(`${type} ${physicalId}`);
  }

  ofType(type: string): Resource[] {
    return [...this.resources.values()].filter(item => item.type === type);
  }

  /** Somebody deletes it by hand. */
  discard(resource: Resource): void {
    this.resources.delete(`${resource.type} ${resource.physicalId}`);
    this.lingering.add(resource);
  }

  /** Stacks that are not deleted. */
  live(): Stack[] {
    return this.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** Everything that would cost money or be in somebody's way, described. */
  remains(): string[] {
    return [
      ...this.live().map(({ name }) => `stack ${name}`),
      ...[...this.resources.values()].map(
        ({ type, physicalId }) => `${type} ${physicalId}`,
      ),
      ...[...this.secrets.keys()].map(name => `secret ${name}`),
      ...[...this.userPools.values()].flatMap(({ clients }) =>
        [...clients.values()].map(({ name }) => `client ${name}`),
      ),
    ];
  }

  newId(): string {
    return randomUUID();
  }
}
