import type { Template } from './Template';

export type StackEvent = {
  id: string;
  at: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason?: string;
  token?: string;
};

/** A resource that exists. */
export type Resource = {
  logicalId: string;
  type: string;
  physicalId: string;
  properties: Record<string, any>;
  attributes: Record<string, unknown>;
  status: string;
  stackId: string;
  stackTags: Record<string, string>;
  changedAt?: number;
  retained?: boolean;
};

export type ChangeSet = {
  id: string;
  name: string;
  type: 'CREATE' | 'UPDATE';
  status: string;
  executionStatus: string;
  reason?: string;
  clientToken?: string;
  template: Template;
  templateText: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  roleArn?: string;
  changes: PlannedChange[];
};

export type PlannedChange = {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  type: string;
  /** Of modifications. */
  details?: ChangeDetail[];
};

export type ChangeDetail = {
  /** Of the property. */
  name: string;
  recreation: 'Always' | 'Conditionally' | 'Never';
  /** Dynamic: depends on what becomes of another resource. */
  evaluation: 'Static' | 'Dynamic';
  cause?: string;
};

/** What a stack consists of; kept aside during an update. */
export type StackContent = {
  template: Template;
  templateText: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
};

export type Stack = {
  id: string;
  name: string;
  region: string;
  accountId: string;
  status: string;
  reason?: string;
  createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  roleArn?: string;
  terminationProtection: boolean;
  content?: StackContent;
  resources: Map<string, Resource>;
  /** What it deleted or left behind, by logical id. */
  past: Map<string, Resource>;
  outputs: Array<{ key: string; value: string; exportName?: string }>;
  /** Oldest first. */
  events: StackEvent[];
  changeSets: ChangeSet[];
  /** Id of the change set that was executed last. */
  changeSetId?: string;
  driftStatus: string;
  driftCheckedAt?: number;
  /** Logical ids of what somebody changed. */
  changedByHand: Set<string>;
};
