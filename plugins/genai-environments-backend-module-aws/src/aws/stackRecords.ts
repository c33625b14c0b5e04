import type { StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import { hasCode } from '../errors';

/** All statuses of stacks that still exist. */
export const LIVE_STATUSES: StackStatus[] = [
  'CREATE_IN_PROGRESS',
  'CREATE_FAILED',
  'CREATE_COMPLETE',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_FAILED',
  'ROLLBACK_COMPLETE',
  'DELETE_IN_PROGRESS',
  'DELETE_FAILED',
  'UPDATE_IN_PROGRESS',
  'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_COMPLETE',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_IN_PROGRESS',
  'UPDATE_ROLLBACK_FAILED',
  'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
  'UPDATE_ROLLBACK_COMPLETE',
  'REVIEW_IN_PROGRESS',
];

/** A stack as it is. */
export type StackState = {
  id: string;
  name: string;
  status: string;
  reason?: string;
  /** Epoch milliseconds at which its last operation began. */
  changedAt: number;
  protected: boolean;
  /** ARN of the change set that was executed last. */
  changeSetId?: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  outputs: Record<string, string>;
};

export type StackSummary = {
  id: string;
  name: string;
  status: string;
  isDrifted: boolean;
  /** Epoch milliseconds at which drift was looked for last; absent: never. */
  driftCheckedAt?: number;
};

export type StackResourceRecord = {
  logicalId: string;
  type: string;
  physicalId: string;
  status: string;
};

/** One line of what CloudFormation did, newest first in lists. */
export type StackEventRecord = {
  at: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason: string;
  /** Begins with the name of the change set whose execution it belongs to. */
  token?: string;
};

/** CloudFormation is at work; nothing else can be done with the stack. */
export function isBusy(status: string): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** Somebody, or an earlier call of ours, has begun the same thing before. */
export function isAlreadyThere(error: unknown): boolean {
  return (
    hasCode(error, 'AlreadyExistsException') ||
    hasCode(error, 'TokenAlreadyExistsException') ||
    hasCode(error, 'InvalidChangeSetStatus') ||
    hasCode(error, 'InvalidChangeSetStatusException')
  );
}

export function toEventRecord(event: StackEvent): StackEventRecord {
  return {
    at: event.Timestamp!.getTime(),
    logicalId: event.LogicalResourceId!,
    physicalId: event.PhysicalResourceId ?? '',
    type: event.ResourceType!,
    status: event.ResourceStatus!,
    reason: event.ResourceStatusReason ?? '',
    token: event.ClientRequestToken,
  };
}

/** The first event of an operation on the stack. */
export function beginsOperation(
  event: StackEventRecord,
  stack: Pick<StackState, 'id'>,
): boolean {
  return (
    event.physicalId === stack.id &&
    /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.status)
  );
}

export function toRecord<K extends string, V extends string>(
  items: Array<{ [key in K | V]?: string }> | undefined,
  key: K,
  value: V,
): Record<string, string> {
  return Object.fromEntries(
    (items ?? []).map(item => [item[key]!, item[value] ?? '']),
  );
}
