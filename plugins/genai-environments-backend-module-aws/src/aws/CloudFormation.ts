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
  DetectStackDriftCommand,
  ExecuteChangeSetCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  type StackStatus,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';
import { readPages } from './readPages';
import {
  beginsOperation,
  isBusy,
  LIVE_STATUSES,
  type StackEventRecord,
  type StackResourceRecord,
  type StackState,
  type StackSummary,
  toEventRecord,
  toRecord,
} from './stackRecords';

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
        changeSetId: stack.ChangeSetId,
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
    return this.readPage(LIVE_STATUSES, token);
  }

  /** All stacks that are being worked on. */
  listBusy(): Promise<StackSummary[]> {
    return readPages(async token => {
      const { stacks, next } = await this.readPage(
        LIVE_STATUSES.filter(isBusy),
        token,
      );
      return { items: stacks, next };
    });
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
      driftCheckedAt: stack.DriftInformation?.LastCheckTimestamp?.getTime(),
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
    let pages = 0;
    let isRead = false;
    const found = await readPages(async NextToken => {
      const page = await this.read('DescribeStackEvents', () =>
        this.client.send(
          new DescribeStackEventsCommand({ StackName: stack.id, NextToken }),
        ),
      );
      const items = (page.StackEvents ?? []).map(toEventRecord);
      isRead = ++pages >= MAX_EVENT_PAGES || items.some(isLast);
      return { items, next: isRead ? undefined : page.NextToken };
    });
    const last = found.findIndex(isLast);
    return last < 0 ? found : found.slice(0, last + 1);
  }

  /** Also of stacks that were deleted in the last 90 days. */
  listResources(stack: Pick<StackState, 'id'>): Promise<StackResourceRecord[]> {
    return readPages(async NextToken => {
      const page = await this.read('ListStackResources', () =>
        this.client.send(
          new ListStackResourcesCommand({ StackName: stack.id, NextToken }),
        ),
      );
      return {
        items: page.StackResourceSummaries?.map(resource => ({
          logicalId: resource.LogicalResourceId!,
          type: resource.ResourceType!,
          physicalId: resource.PhysicalResourceId ?? '',
          status: resource.ResourceStatus as string,
        })),
        next: page.NextToken,
      };
    });
  }

  /** With all changes, however many pages they fill. */
  async describeChangeSet(
    stackName: string,
    name: string,
  ): Promise<DescribeChangeSetOutput | undefined> {
    try {
      let found: DescribeChangeSetOutput | undefined;
      const Changes = await readPages(async NextToken => {
        found = await this.read('DescribeChangeSet', () =>
          this.client.send(
            new DescribeChangeSetCommand({
              StackName: stackName,
              ChangeSetName: name,
              NextToken,
            }),
          ),
        );
        return { items: found.Changes, next: found.NextToken };
      });
      return { ...found!, Changes };
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

  /** @param request.token is found in the events of what it begins */
  async executeChangeSet(request: {
    stackName: string;
    name: string;
    token: string;
  }): Promise<void> {
    await this.write('ExecuteChangeSet', () =>
      this.client.send(
        new ExecuteChangeSetCommand({
          StackName: request.stackName,
          ChangeSetName: request.name,
          ClientRequestToken: request.token,
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

  /**
   * Begins to compare resources with the template; takes minutes. Reads them with the
   * caller's own permissions.
   *
   * @param logicalIds absent: all
   */
  async detectDrift(
    stack: Pick<StackSummary, 'name'>,
    logicalIds?: string[],
  ): Promise<void> {
    await this.write('DetectStackDrift', () =>
      this.client.send(
        new DetectStackDriftCommand({
          StackName: stack.name,
          LogicalResourceIds: logicalIds,
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
