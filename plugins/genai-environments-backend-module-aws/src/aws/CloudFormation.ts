import {
  type ChangeSetType,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  type DescribeChangeSetOutput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackEvent,
  type StackStatus,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { hasCode, isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';

/** A stack as it is. */
export type StackState = {
  id: string;
  name: string;
  status: string;
  reason?: string;
  /** Epoch milliseconds at which its last operation began. */
  changedAt: number;
  protected: boolean;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  outputs: Record<string, string>;
};

export type StackSummary = {
  id: string;
  name: string;
  status: string;
  isDrifted: boolean;
};

/** One line of what CloudFormation did, newest first in lists. */
export type StackEventRecord = {
  at: number;
  logicalId: string;
  physicalId: string;
  type: string;
  status: string;
  reason: string;
  /** Name of the change set whose execution it belongs to. */
  token?: string;
};

/** All statuses of stacks that still exist. */
const LIVE: StackStatus[] = [
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

/** Pages of events that are read for one operation at most; 100 events each. */
const MAX_EVENT_PAGES = 12;

/** CloudFormation of one account and region. All methods throw AwsCallError. */
export class CloudFormation {
  constructor(
    private readonly client: Clients['cloudFormation'],
    private readonly caller: Caller,
  ) {}

  /** By name, or by id for stacks that are deleted. */
  async describe(nameOrId: string): Promise<StackState | undefined> {
    try {
      const { Stacks = [] } = await this.read('DescribeStacks', () =>
        this.client.send(new DescribeStacksCommand({ StackName: nameOrId })),
      );
      const [stack] = Stacks;
      if (!stack || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
      return {
        id: stack.StackId!,
        name: stack.StackName!,
        status: stack.StackStatus!,
        reason: stack.StackStatusReason,
        changedAt: (stack.LastUpdatedTime ?? stack.CreationTime!).getTime(),
        protected: stack.EnableTerminationProtection ?? false,
        parameters: toRecord(
          stack.Parameters,
          'ParameterKey',
          'ParameterValue',
        ),
        tags: toRecord(stack.Tags, 'Key', 'Value'),
        outputs: toRecord(stack.Outputs, 'OutputKey', 'OutputValue'),
      };
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Stacks that exist, a hundred to a call. `next` is absent on the last page. */
  async listPage(
    token?: string,
  ): Promise<{ stacks: StackSummary[]; next?: string }> {
    return this.readPage(LIVE, token);
  }

  /** All stacks that are being worked on. */
  async listBusy(): Promise<StackSummary[]> {
    const found: StackSummary[] = [];
    let token: string | undefined;
    do {
      const page = await this.readPage(LIVE.filter(isBusy), token);
      found.push(...page.stacks);
      token = page.next;
    } while (token);
    return found;
  }

  private async readPage(statuses: StackStatus[], NextToken?: string) {
    const page = await this.read('ListStacks', () =>
      this.client.send(
        new ListStacksCommand({ StackStatusFilter: statuses, NextToken }),
      ),
    );
    const stacks = (page.StackSummaries ?? []).map(stack => ({
      id: stack.StackId!,
      name: stack.StackName!,
      status: stack.StackStatus as string,
      isDrifted: stack.DriftInformation?.StackDriftStatus === 'DRIFTED',
    }));
    return { stacks, next: page.NextToken };
  }

  /** Events of the operation that began last, newest first. */
  lastEvents(stack: Pick<StackState, 'id'>): Promise<StackEventRecord[]> {
    return this.readEvents(stack, event => beginsOperation(event, stack));
  }

  /** Newest first; those of long ago may be missing. */
  allEvents(stack: Pick<StackState, 'id'>): Promise<StackEventRecord[]> {
    return this.readEvents(stack, () => false);
  }

  private async readEvents(
    stack: Pick<StackState, 'id'>,
    isLast: (event: StackEventRecord) => boolean,
  ): Promise<StackEventRecord[]> {
    const found: StackEventRecord[] = [];
    let NextToken: string | undefined;
    for (let pages = 0; pages < MAX_EVENT_PAGES; pages++) {
      const page = await this.read('DescribeStackEvents', () =>
        this.client.send(
          new DescribeStackEventsCommand({ StackName: stack.id, NextToken }),
        ),
      );
      for (const event of page.StackEvents ?? []) {
        const record = toEventRecord(event);
        found.push(record);
        if (isLast(record)) return found;
      }
      NextToken = page.NextToken;
      if (!NextToken) break;
    }
    return found;
  }

  async listResources(
    stack: Pick<StackState, 'id'>,
  ): Promise<Array<{ type: string; physicalId: string; status: string }>> {
    const found = [];
    let NextToken: string | undefined;
    do {
      const page = await this.read('ListStackResources', () =>
        this.client.send(
          new ListStackResourcesCommand({ StackName: stack.id, NextToken }),
        ),
      );
      for (const resource of page.StackResourceSummaries ?? []) {
        found.push({
          type: resource.ResourceType!,
          physicalId: resource.PhysicalResourceId ?? '',
          status: resource.ResourceStatus!,
        });
      }
      NextToken = page.NextToken;
    } while (NextToken);
    return found;
  }

  async describeChangeSet(
    stackName: string,
    name: string,
  ): Promise<DescribeChangeSetOutput | undefined> {
    try {
      return await this.read('DescribeChangeSet', () =>
        this.client.send(
          new DescribeChangeSetCommand({
            StackName: stackName,
            ChangeSetName: name,
          }),
        ),
      );
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }

  /** Repeating it with the same token changes nothing. */
  async createChangeSet(request: {
    stackName: string;
    name: string;
    type: ChangeSetType;
    templateUrl: string;
    roleArn: string;
    capabilities: Array<'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM'>;
    parameters: Record<string, string>;
    tags: Record<string, string>;
  }): Promise<void> {
    await this.write('CreateChangeSet', () =>
      this.client.send(
        new CreateChangeSetCommand({
          StackName: request.stackName,
          ChangeSetName: request.name,
          ChangeSetType: request.type,
          ClientToken: request.name,
          TemplateURL: request.templateUrl,
          RoleARN: request.roleArn,
          Capabilities: request.capabilities,
          Parameters: Object.entries(request.parameters).map(
            ([ParameterKey, ParameterValue]) => ({
              ParameterKey,
              ParameterValue,
            }),
          ),
          Tags: Object.entries(request.tags).map(([Key, Value]) => ({
            Key,
            Value,
          })),
        }),
      ),
    );
  }

  async executeChangeSet(stackName: string, name: string): Promise<void> {
    await this.write('ExecuteChangeSet', () =>
      this.client.send(
        new ExecuteChangeSetCommand({
          StackName: stackName,
          ChangeSetName: name,
          ClientRequestToken: name,
        }),
      ),
    );
  }

  async deleteChangeSet(stackName: string, name: string): Promise<void> {
    await this.write('DeleteChangeSet', () =>
      this.client.send(
        new DeleteChangeSetCommand({
          StackName: stackName,
          ChangeSetName: name,
        }),
      ),
    );
  }

  async protect(stackName: string, on: boolean): Promise<void> {
    await this.write('UpdateTerminationProtection', () =>
      this.client.send(
        new UpdateTerminationProtectionCommand({
          StackName: stackName,
          EnableTerminationProtection: on,
        }),
      ),
    );
  }

  /** @param force leaves behind what cannot be deleted */
  async delete(stackName: string, options: { force?: boolean }): Promise<void> {
    await this.write('DeleteStack', () =>
      this.client.send(
        new DeleteStackCommand({
          StackName: stackName,
          DeletionMode: options.force ? 'FORCE_DELETE_STACK' : 'STANDARD',
        }),
      ),
    );
  }

  async continueRollback(stackName: string): Promise<void> {
    await this.write('ContinueUpdateRollback', () =>
      this.client.send(
        new ContinueUpdateRollbackCommand({ StackName: stackName }),
      ),
    );
  }

  private read<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call(
      'cloudformation-read',
      `cloudformation:${operation}`,
      run,
    );
  }

  private write<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call(
      'cloudformation-write',
      `cloudformation:${operation}`,
      run,
    );
  }
}

/** CloudFormation is at work; nothing else can be done with the stack. */
export function isBusy(status: string): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}

/** Somebody, or an earlier call of ours, has begun the same thing before. */
export function isAlreadyThere(error: unknown): boolean {
  return (
    hasCode(error, 'AlreadyExistsException') ||
    hasCode(error, 'InvalidChangeSetStatus') ||
    hasCode(error, 'InvalidChangeSetStatusException')
  );
}

function toEventRecord(event: StackEvent): StackEventRecord {
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

function beginsOperation(
  event: StackEventRecord,
  stack: Pick<StackState, 'id'>,
): boolean {
  return (
    event.physicalId === stack.id &&
    /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.status)
  );
}

function toRecord<K extends string, V extends string>(
  items: Array<{ [key in K | V]?: string }> | undefined,
  key: K,
  value: V,
): Record<string, string> {
  return Object.fromEntries(
    (items ?? []).map(item => [item[key]!, item[value] ?? '']),
  );
}
