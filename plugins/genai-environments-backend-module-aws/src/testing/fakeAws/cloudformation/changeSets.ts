import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { VirtualClock } from '../VirtualClock';
import { newStack } from './newStack';
import { planChanges } from './plannedChanges';
import type { ChangeSet, Stack } from './Stack';
import { assertIdle, type StackEngine } from './StackEngine';
import { Template } from './Template';

type Input = Record<string, any>;

const REPLACEABLE = new Set(['REVIEW_IN_PROGRESS']);
const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
]);

/** As CloudFormation does it: refused at once, or found to be of no use later. */
export function createChangeSet(
  region: Region,
  input: Input,
  engine: StackEngine,
  clock: VirtualClock,
): object {
  const type = input.ChangeSetType ?? 'UPDATE';
  let stack = region.live().find(({ name }) => name === input.StackName);
  const same = stack?.changeSets.find(
    ({ name }) => name === input.ChangeSetName,
  );
  if (stack && same) {
    if (same.clientToken && same.clientToken === input.ClientToken) {
      return { Id: same.id, StackId: stack.id };
    }
    throw new AwsError(
      'AlreadyExistsException',
      `ChangeSet ${input.ChangeSetName} already exists`,
    );
  }
  if (!input.Tags?.length) {
    throw new AwsError(
      'AccessDenied',
      'User is not authorized to perform: cloudformation:CreateChangeSet without aws:RequestTag/genai:environment',
      403,
    );
  }
  if (type === 'CREATE' && stack && !REPLACEABLE.has(stack.status)) {
    throw new AwsError(
      'ValidationError',
      `Stack [${input.StackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
    );
  }
  if (type === 'UPDATE') {
    if (!stack) {
      throw new AwsError(
        'ValidationError',
        `Stack [${input.StackName}] does not exist`,
      );
    }
    if (!UPDATABLE.has(stack.status)) {
      throw new AwsError(
        'ValidationError',
        `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
      );
    }
  }
  const { text, template } = readTemplate(region, input);
  assertCapabilities(template, input.Capabilities ?? []);
  const previous = type === 'UPDATE' ? stack!.content!.parameters : {};
  const parameters = template.completeParameters(
    Object.fromEntries(
      (input.Parameters ?? []).map((item: any) => [
        item.ParameterKey,
        item.ParameterValue,
      ]),
    ),
    previous,
  );
  if (!stack) {
    assertRoom(region);
    stack = newStack(region, input.StackName, clock);
    region.stacks.push(stack);
    engine.setStatus(stack, 'REVIEW_IN_PROGRESS', { reason: 'User Initiated' });
  }
  const changeSet: ChangeSet = {
    id: `arn:aws:cloudformation:${region.name}:${region.accountId}:changeSet/${
      input.ChangeSetName
    }/${randomUUID()}`,
    name: input.ChangeSetName,
    type,
    status: 'CREATE_PENDING',
    executionStatus: 'UNAVAILABLE',
    clientToken: input.ClientToken,
    ...{ template, templateText: text, parameters },
    tags: Object.fromEntries(
      input.Tags.map((tag: any) => [tag.Key, tag.Value]),
    ),
    roleArn: input.RoleARN,
    changes: [],
  };
  stack.changeSets.push(changeSet);
  const target = stack;
  clock.schedule(3000, () =>
    finishChangeSet(region, target, changeSet, engine),
  );
  return { Id: changeSet.id, StackId: stack.id };
}

/**
 * Others are deleted by that. AWS does not say whether the executed one stays readable:
 * `region.keepsExecuted` tries both.
 */
export function executeChangeSet(
  region: Region,
  stack: Stack,
  options: { changeSet: ChangeSet; engine: StackEngine; token?: string },
): object {
  const { changeSet, engine, token } = options;
  assertExecutable(changeSet);
  const used = `${stack.id} ${token}`;
  if (token && region.usedTokens.has(used)) {
    throw new AwsError(
      'TokenAlreadyExistsException',
      `Token already used for stack ${stack.id}`,
    );
  }
  assertIdle(stack);
  if (token) region.usedTokens.add(used);
  const { template, templateText, parameters, tags } = changeSet;
  const content = { template, templateText, parameters, tags };
  stack.roleArn = changeSet.roleArn;
  stack.changeSetId = changeSet.id;
  stack.changeSets = region.keepsExecuted ? [changeSet] : [];
  changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
  const onEnd = (succeeded: boolean) => {
    changeSet.executionStatus = succeeded
      ? 'EXECUTE_COMPLETE'
      : 'EXECUTE_FAILED';
  };
  if (changeSet.type === 'CREATE') {
    stack.content = content;
    engine.create(region, stack, { token, onEnd });
  } else engine.update(region, stack, content, { token, onEnd });
  return {};
}

function assertExecutable({ id, executionStatus }: ChangeSet) {
  if (executionStatus === 'AVAILABLE') return;
  throw new AwsError(
    'InvalidChangeSetStatus',
    `ChangeSet [${id}] cannot be executed in its current execution status of [${executionStatus}]`,
  );
}

export function deleteChangeSet(stack: Stack, name: string): void {
  const found = stack.changeSets.find(changeSet => changeSet.name === name);
  if (found?.executionStatus === 'EXECUTE_IN_PROGRESS') {
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${found.id}] is being executed`,
    );
  }
  stack.changeSets = stack.changeSets.filter(other => other !== found);
}

function finishChangeSet(
  region: Region,
  stack: Stack,
  changeSet: ChangeSet,
  engine: StackEngine,
) {
  const around = engine.around(region, stack, changeSet);
  changeSet.changes = planChanges(stack, changeSet, around);
  const sameTags = isDeepStrictEqual(stack.content?.tags, changeSet.tags);
  if (changeSet.changes.length === 0 && sameTags) {
    changeSet.status = 'FAILED';
    changeSet.reason =
      "The submitted information didn't contain changes. Submit different information to create a change set.";
    return;
  }
  changeSet.status = 'CREATE_COMPLETE';
  changeSet.executionStatus = 'AVAILABLE';
}

function assertRoom(region: Region) {
  if (region.live().length < region.maxStacks) return;
  throw new AwsError(
    'LimitExceededException',
    `Limit for stack has been exceeded: ${region.maxStacks}`,
  );
}

function readTemplate(region: Region, input: Input) {
  let text: string | undefined = input.TemplateBody;
  if (text && Buffer.byteLength(text) > 51_200) {
    throw new AwsError(
      'ValidationError',
      "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
    );
  }
  if (!text) {
    const url = new URL(input.TemplateURL);
    const bucket = url.hostname.split('.')[0];
    text = region.buckets.get(bucket)?.get(url.pathname.slice(1));
    if (text === undefined) {
      throw new AwsError('ValidationError', 'S3 error: Access Denied', 400);
    }
  }
  return { text, template: Template.parse(text) };
}

function assertCapabilities(template: Template, given: string[]) {
  const required = template.requiredCapability();
  const enough =
    !required ||
    given.includes('CAPABILITY_NAMED_IAM') ||
    given.includes(required);
  if (!enough) {
    throw new AwsError(
      'InsufficientCapabilitiesException',
      `Requires capabilities : [${required}]`,
    );
  }
}
