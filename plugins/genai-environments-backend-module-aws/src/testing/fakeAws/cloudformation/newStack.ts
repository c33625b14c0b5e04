import { randomUUID } from 'node:crypto';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import type { Stack } from './Stack';

/** A stack of which nothing is there but its name. */
export function newStack(
  region: Region,
  name: string,
  clock: VirtualClock,
): Stack {
  return {
    id: `arn:aws:cloudformation:${region.name}:${
      region.accountId
    }:stack/${name}/${randomUUID()}`,
    ...{ name, region: region.name, accountId: region.accountId },
    status: 'REVIEW_IN_PROGRESS',
    createdAt: clock.now(),
    terminationProtection: false,
    resources: new Map(),
    past: new Map(),
    outputs: [],
    events: [],
    changeSets: [],
    driftStatus: 'NOT_CHECKED',
    changedByHand: new Set(),
  };
}
