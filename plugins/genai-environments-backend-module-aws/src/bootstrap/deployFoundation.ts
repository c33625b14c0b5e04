import { createHash } from 'node:crypto';
import {
  type Change,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation';
import { FOUNDATION_STACK_NAME } from '@genai-environments/aws-blueprints';
import { readPages } from '../aws/readPages';
import { isBusy, toEventRecord } from '../aws/stackRecords';
import { isAbsence } from '../errors';
import { findCause } from '../stacks/causes';
import { findLost } from '../stacks/losses';
import { BootstrapError, callAws, unlessBegun } from './callAws';
import {
  type BootstrapContext,
  findFoundation,
  type FoundationStack,
  type Survey,
} from './survey';

const POLL_MS = 5000;
const MOST_MS = 40 * 60_000;

/**
 * Makes the foundation as the survey wants it, by a change set. What an interrupted run left
 * is taken up again.
 *
 * @returns the stack afterwards
 * @throws BootstrapError
 */
export async function deployFoundation(
  context: BootstrapContext,
  found: Survey,
): Promise<FoundationStack> {
  const name = changeSetName(context, found);
  if (found.stack) await deleteChangeSet(context, name);
  await unlessBegun(createChangeSet(context, found, name));
  const changes = await awaitChangeSet(context, name);
  if (!changes) {
    await deleteChangeSet(context, name);
    context.print('CloudFormation found nothing to change.');
    return found.stack!;
  }
  await assertHarmless(context, name, changes);
  context.print(`CloudFormation changes ${changes.length} resources …`);
  await unlessBegun(executeChangeSet(context, name));
  return awaitStack(context, found.stack);
}

/**
 * The same for an interrupted run, and another one once the stack has changed: CloudFormation
 * executes a token once, and a change may come back to what was before.
 */
function changeSetName(
  { blueprints }: BootstrapContext,
  { stack, change, parameters }: Survey,
) {
  const { sha256 } = blueprints.manifest.foundation;
  const since = change === 'create' ? 0 : stack?.changedAt;
  const content = JSON.stringify([sha256, parameters, since]);
  const digest = createHash('sha256').update(content).digest('hex');
  return `genai-bootstrap-${digest.slice(0, 16)}`;
}

function deleteChangeSet(
  { clients }: BootstrapContext,
  ChangeSetName: string,
): Promise<unknown> {
  const StackName = FOUNDATION_STACK_NAME;
  return callAws('cloudformation:DeleteChangeSet', () =>
    clients.cloudFormation
      .send(new DeleteChangeSetCommand({ StackName, ChangeSetName }))
      .catch(error => {
        if (!isAbsence(error)) throw error;
      }),
  );
}

function createChangeSet(
  { clients, blueprints }: BootstrapContext,
  { change, parameters }: Survey,
  ChangeSetName: string,
): Promise<unknown> {
  const { foundation } = blueprints.manifest;
  return callAws('cloudformation:CreateChangeSet', () =>
    clients.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: FOUNDATION_STACK_NAME,
        ChangeSetName,
        ChangeSetType: change === 'create' ? 'CREATE' : 'UPDATE',
        TemplateBody: blueprints.readTemplate(foundation),
        Capabilities: foundation.capabilities,
        Parameters: Object.entries(parameters).map(
          ([ParameterKey, ParameterValue]) => ({
            ...{ ParameterKey, ParameterValue },
          }),
        ),
        Tags: [{ Key: 'genai:foundation', Value: 'true' }],
      }),
    ),
  );
}

function executeChangeSet(
  { clients }: BootstrapContext,
  ChangeSetName: string,
): Promise<unknown> {
  return callAws('cloudformation:ExecuteChangeSet', () =>
    clients.cloudFormation.send(
      new ExecuteChangeSetCommand({
        StackName: FOUNDATION_STACK_NAME,
        ChangeSetName,
        ClientRequestToken: ChangeSetName,
      }),
    ),
  );
}

/** `undefined`: there is nothing to change. */
async function awaitChangeSet(
  context: BootstrapContext,
  ChangeSetName: string,
): Promise<Change[] | undefined> {
  const StackName = FOUNDATION_STACK_NAME;
  const read = (NextToken?: string) =>
    callAws('cloudformation:DescribeChangeSet', () =>
      context.clients.cloudFormation.send(
        new DescribeChangeSetCommand({ StackName, ChangeSetName, NextToken }),
      ),
    );
  const { Status, StatusReason = '' } = await poll(
    context,
    'the change set',
    async () => {
      const set = await read();
      return /^(CREATE_COMPLETE|FAILED)$/.test(set.Status!) ? set : undefined;
    },
  );
  if (Status === 'CREATE_COMPLETE') {
    return readPages(async token => {
      const { Changes, NextToken } = await read(token);
      return { items: Changes, next: NextToken };
    });
  }
  if (/didn't contain changes|No updates are to be/.test(StatusReason)) {
    return undefined;
  }
  throw new BootstrapError(
    `CloudFormation refuses the change of ${StackName}: ${StatusReason}`,
  );
}

/** Environments have addresses of the foundation's resources in their own stacks. */
async function assertHarmless(
  context: BootstrapContext,
  name: string,
  changes: Change[],
): Promise<void> {
  if (context.asked.allowsReplacement) return;
  const lost = findLost(changes).map(
    ({ LogicalResourceId }) => LogicalResourceId,
  );
  if (lost.length === 0) return;
  await deleteChangeSet(context, name);
  throw new BootstrapError(
    `CloudFormation would remove these resources or make them anew, or might: ${lost.join(
      ', ',
    )}. Environments may depend on them, so nothing was changed. Start again with --allow-replacement if that is meant.`,
  );
}

async function awaitStack(
  context: BootstrapContext,
  before: FoundationStack | undefined,
): Promise<FoundationStack> {
  const stack = await poll(context, 'the stack', async () => {
    const now = await findFoundation(context.clients);
    if (!now || now.status === 'REVIEW_IN_PROGRESS') return undefined;
    // What is executed may show a moment later.
    const hasBegun =
      before?.status === 'REVIEW_IN_PROGRESS' ||
      now.changedAt !== before?.changedAt;
    return hasBegun && !isBusy(now.status) ? now : undefined;
  });
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(stack.status)) return stack;
  const { StackEvents = [] } = await callAws(
    'cloudformation:DescribeStackEvents',
    () =>
      context.clients.cloudFormation.send(
        new DescribeStackEventsCommand({ StackName: stack.id }),
      ),
  );
  const events = StackEvents.map(toEventRecord);
  const { message } = findCause(
    events.filter(({ at }) => at >= stack.changedAt),
    stack.id,
    FOUNDATION_STACK_NAME,
  );
  throw new BootstrapError(
    `${message} The stack is in ${stack.status} now. Correct what AWS said, and start again.`,
  );
}

async function poll<T>(
  { sleep, now }: BootstrapContext,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const end = now() + MOST_MS;
  for (;;) {
    await sleep(POLL_MS);
    const found = await look();
    if (found) return found;
    if (now() > end) {
      throw new BootstrapError(
        `CloudFormation is not done with ${what} of ${FOUNDATION_STACK_NAME} after ${
          MOST_MS / 60_000
        } minutes. Look at its events in the console, and start again: the command goes on from there.`,
      );
    }
  }
}
