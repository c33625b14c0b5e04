import { isDeepStrictEqual } from 'node:util';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import {
  deletionBlocker,
  dematerialize,
  materialize,
  newPhysicalId,
} from './resourceTypes';
import { replaces } from './schemas';
import type { Resource, Stack } from './Stack';

/** Makes a resource fail; see `FakeAws.failResource`. */
export type ResourceFailure = {
  /** Logical id or type. */
  resource: string;
  on: 'create' | 'update' | 'delete';
  reason: string;
  left: number;
};

/** Minutes until what was deleted is no longer listed by its tags. */
const TAG_LAG_MS = 10 * 60_000;
/** Kinds that AWS goes on listing: they are inactive, or wait for their end. */
const KEPT = /^AWS::(KMS::Key|ECS::.*)$/;

/** Makes and removes single resources, and notes what happened. Test code. */
export class ResourceKeeper {
  readonly failures: ResourceFailure[] = [];

  constructor(protected readonly clock: VirtualClock) {}

  /** @returns why it could not be made */
  protected put(
    region: Region,
    stack: Stack,
    resource: Resource,
    properties: Record<string, any>,
  ): string | undefined {
    const { type, logicalId } = resource;
    const changed = Object.keys({
      ...resource.properties,
      ...properties,
    }).filter(
      name => !isDeepStrictEqual(resource.properties[name], properties[name]),
    );
    const replaced = changed.some(name => replaces(type, name));
    if (resource.physicalId && replaced) {
      region.resources.delete(`${type} ${resource.physicalId}`);
      dematerialize(region, resource);
      this.linger(region, { ...resource });
      resource.physicalId = '';
    }
    resource.properties = properties;
    resource.changedAt = this.clock.now();
    if (resource.physicalId) return undefined;
    const physicalId = newPhysicalId(region, stack.name, resource);
    const key = `${type} ${physicalId}`;
    if (region.resources.has(key)) {
      return `Resource handler returned message: "${physicalId} already exists" (HandlerErrorCode: AlreadyExists)`;
    }
    resource.physicalId = physicalId;
    region.resources.set(key, resource);
    stack.resources.set(logicalId, resource);
    materialize(region, resource);
    return undefined;
  }

  protected remove(
    region: Region,
    stack: Stack,
    resource: Resource,
    token?: string,
  ) {
    stack.resources.delete(resource.logicalId);
    region.resources.delete(`${resource.type} ${resource.physicalId}`);
    dematerialize(region, resource);
    this.note(stack, resource, 'DELETE_COMPLETE', { token });
    stack.past.set(resource.logicalId, resource);
    this.linger(region, resource);
  }

  private linger(region: Region, resource: Resource) {
    region.lingering.add(resource);
    if (KEPT.test(resource.type)) return;
    this.clock.schedule(TAG_LAG_MS, () => region.lingering.delete(resource));
  }

  /** It stays, and belongs to nobody any more. */
  protected retain(stack: Stack, resource: Resource) {
    stack.resources.delete(resource.logicalId);
    resource.retained = true;
    stack.past.set(resource.logicalId, resource);
    this.note(stack, resource, 'DELETE_SKIPPED', {});
  }

  protected deletionFailure(region: Region, resource: Resource) {
    return (
      this.failureOf(resource, 'delete') ?? deletionBlocker(region, resource)
    );
  }

  protected failureOf(
    { logicalId, type }: Pick<Resource, 'logicalId' | 'type'>,
    on: ResourceFailure['on'],
  ): string | undefined {
    const failure = this.failures.find(
      item =>
        item.on === on &&
        item.left > 0 &&
        [logicalId, type].includes(item.resource),
    );
    if (!failure) return undefined;
    failure.left--;
    return failure.reason;
  }

  setStatus(
    stack: Stack,
    status: string,
    { token, reason }: { token?: string; reason?: string } = {},
  ) {
    stack.status = status;
    stack.reason = reason;
    this.note(
      stack,
      {
        logicalId: stack.name,
        physicalId: stack.id,
        type: 'AWS::CloudFormation::Stack',
      },
      status,
      { token, reason },
    );
  }

  protected note(
    stack: Stack,
    resource: Pick<Resource, 'logicalId' | 'physicalId' | 'type'>,
    status: string,
    { token, reason }: { token?: string; reason?: string },
  ) {
    const { logicalId, physicalId, type } = resource;
    if ('status' in resource) (resource as Resource).status = status;
    stack.events.push({
      id: `${stack.events.length}-${stack.id.slice(-8)}`,
      at: this.clock.now(),
      ...{ logicalId, physicalId, type, status, reason, token },
    });
  }
}
