import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import {
  createChangeSet,
  deleteChangeSet,
  executeChangeSet,
} from './changeSets';
import { replacementOf } from './plannedChanges';
import type { PlannedChange, Stack } from './Stack';
import { assertIdle, StackEngine } from './StackEngine';

type Input = Record<string, any>;
export type Operation = (region: Region, input: Input) => object | undefined;

const PAGE = 100;
/** Few, so that what is on a second page matters. */
const CHANGES_PAGE = 8;

/** The operations of CloudFormation that the provisioner calls. Test code. */
export function cloudFormation(
  engine: StackEngine,
  clock: VirtualClock,
): Record<string, Operation> {
  return {
    CreateChangeSet: (region, input) =>
      createChangeSet(region, input, engine, clock),
    DescribeChangeSet(region, input) {
      const { stack, changeSet } = findChangeSet(region, input);
      const { items, next } = page(
        changeSet.changes,
        input.NextToken,
        CHANGES_PAGE,
      );
      return {
        ChangeSetName: changeSet.name,
        ChangeSetId: changeSet.id,
        StackId: stack.id,
        StackName: stack.name,
        Status: changeSet.status,
        StatusReason: changeSet.reason,
        ExecutionStatus: changeSet.executionStatus,
        Changes: items.map(describeChange),
        NextToken: next,
      };
    },
    ExecuteChangeSet(region, input) {
      const { stack, changeSet } = findChangeSet(region, input);
      return executeChangeSet(region, stack, {
        ...{ changeSet, engine },
        token: input.ClientRequestToken,
      });
    },
    DeleteChangeSet(region, input) {
      const stack = region.live().find(({ name }) => name === input.StackName);
      if (stack) deleteChangeSet(stack, input.ChangeSetName);
      return {};
    },
    DescribeStacks(region, input) {
      const found = input.StackName
        ? [findStack(region, input.StackName)]
        : region.live();
      const { items, next } = page(found, input.NextToken);
      return { Stacks: items.map(describe), NextToken: next };
    },
    ListStacks(region, input) {
      const wanted: string[] | undefined = input.StackStatusFilter;
      const found = [...region.stacks]
        .reverse()
        .filter(({ status }) => !wanted || wanted.includes(status));
      const { items, next } = page(found, input.NextToken);
      return {
        StackSummaries: items.map(stack => ({
          StackId: stack.id,
          StackName: stack.name,
          CreationTime: new Date(stack.createdAt),
          LastUpdatedTime: stack.updatedAt && new Date(stack.updatedAt),
          DeletionTime: stack.deletedAt && new Date(stack.deletedAt),
          StackStatus: stack.status,
          StackStatusReason: stack.reason,
          DriftInformation: driftOf(stack),
        })),
        NextToken: next,
      };
    },
    GetTemplate(region, input) {
      const { content } = findStack(region, input.StackName);
      return { TemplateBody: content?.templateText ?? '' };
    },
    DescribeStackEvents(region, input) {
      const stack = findStack(region, input.StackName);
      const { items, next } = page(
        [...stack.events].reverse(),
        input.NextToken,
      );
      return {
        StackEvents: items.map(event => ({
          StackId: stack.id,
          EventId: event.id,
          StackName: stack.name,
          LogicalResourceId: event.logicalId,
          PhysicalResourceId: event.physicalId,
          ResourceType: event.type,
          Timestamp: new Date(event.at),
          ResourceStatus: event.status,
          ResourceStatusReason: event.reason,
          ClientRequestToken: event.token,
        })),
        NextToken: next,
      };
    },
    ListStackResources(region, input) {
      const stack = findStack(region, input.StackName);
      const { items, next } = page(
        [...new Map([...stack.past, ...stack.resources]).values()],
        input.NextToken,
      );
      return {
        StackResourceSummaries: items.map(resource => ({
          LogicalResourceId: resource.logicalId,
          PhysicalResourceId: resource.physicalId,
          ResourceType: resource.type,
          ResourceStatus: resource.status,
          LastUpdatedTimestamp: new Date(clock.now()),
        })),
        NextToken: next,
      };
    },
    DeleteStack(region, input) {
      const stack = region
        .live()
        .find(({ name, id }) => [name, id].includes(input.StackName));
      if (!stack || stack.status === 'DELETE_IN_PROGRESS') return {};
      if (stack.terminationProtection) {
        throw new AwsError(
          'ValidationError',
          `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      }
      if (stack.status === 'REVIEW_IN_PROGRESS') {
        engine.setStatus(stack, 'DELETE_COMPLETE');
        return {};
      }
      assertIdle(stack);
      engine.delete(region, stack, {
        token: input.ClientRequestToken,
        retain: input.RetainResources,
        force: input.DeletionMode === 'FORCE_DELETE_STACK',
      });
      return {};
    },
    UpdateTerminationProtection(region, input) {
      const stack = findStack(region, input.StackName);
      stack.terminationProtection =
        input.EnableTerminationProtection === 'true';
      return { StackId: stack.id };
    },
    ContinueUpdateRollback(region, input) {
      const stack = findStack(region, input.StackName);
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
        throw new AwsError(
          'ValidationError',
          `Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`,
        );
      }
      engine.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS');
      clock.schedule(10_000, () =>
        engine.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE'),
      );
      return {};
    },
    DetectStackDrift(region, input) {
      const stack = findStack(region, input.StackName);
      const ids: string[] = input.LogicalResourceIds ?? [
        ...stack.resources.keys(),
      ];
      stack.driftCheckedAt = clock.now();
      clock.schedule(60_000, () => {
        const isDrifted = ids.some(id => stack.changedByHand.has(id));
        stack.driftStatus = isDrifted ? 'DRIFTED' : 'IN_SYNC';
      });
      return { StackDriftDetectionId: `drift-${stack.id.slice(-12)}` };
    },
  };
}

function findStack(region: Region, nameOrId: string): Stack {
  const found =
    region.live().find(({ name }) => name === nameOrId) ??
    region.stacks.find(({ id }) => id === nameOrId);
  if (found) return found;
  throw new AwsError(
    'ValidationError',
    `Stack with id ${nameOrId} does not exist`,
  );
}

function findChangeSet(region: Region, input: Input) {
  const all = input.ChangeSetName.startsWith('arn:')
    ? region.stacks
    : [findStack(region, input.StackName)];
  for (const stack of all) {
    for (const changeSet of stack.changeSets) {
      if ([changeSet.id, changeSet.name].includes(input.ChangeSetName)) {
        return { stack, changeSet };
      }
    }
  }
  throw new AwsError(
    'ChangeSetNotFound',
    `ChangeSet [${input.ChangeSetName}] does not exist`,
    404,
  );
}

function driftOf({ driftStatus, driftCheckedAt }: Stack): object {
  return {
    StackDriftStatus: driftStatus,
    LastCheckTimestamp: driftCheckedAt && new Date(driftCheckedAt),
  };
}

function describe(stack: Stack): object {
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    CreationTime: new Date(stack.createdAt),
    LastUpdatedTime: stack.updatedAt && new Date(stack.updatedAt),
    ChangeSetId: stack.changeSetId,
    RoleARN: stack.roleArn,
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: driftOf(stack),
    Parameters: Object.entries(stack.content?.parameters ?? {}).map(
      ([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }),
    ),
    Tags: Object.entries(stack.content?.tags ?? {}).map(([Key, Value]) => ({
      Key,
      Value,
    })),
    Outputs: stack.outputs.map(({ key, value, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      ExportName: exportName,
    })),
  };
}

function describeChange(change: PlannedChange): object {
  const { action, logicalId, type, details } = change;
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      ResourceType: type,
      Replacement: details && replacementOf(change),
      Details: details?.map(({ name, recreation, evaluation, cause }) => ({
        Target: {
          ...{ Attribute: 'Properties', Name: name },
          RequiresRecreation: recreation,
        },
        Evaluation: evaluation,
        CausingEntity: cause,
      })),
    },
  };
}

function page<T>(
  all: T[],
  token?: string,
  size = PAGE,
): { items: T[]; next?: string } {
  const start = Number(token ?? 0);
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? String(end) : undefined,
  };
}
