import {
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import {
  type Blueprints,
  FOUNDATION_STACK_NAME,
  type StackBlueprint,
} from '@genai-environments/aws-blueprints';
import { isBusy, toRecord } from '../aws/stackRecords';
import { isAbsence } from '../errors';
import { templateKey } from '../stacks/parameters';
import type { BootstrapClients } from './bootstrapClients';
import { BootstrapError, callAws } from './callAws';
import type { BootstrapArguments } from './readArguments';
import { assertZoneIds, chooseZones } from './zones';

export type BootstrapContext = {
  clients: BootstrapClients;
  blueprints: Blueprints;
  asked: BootstrapArguments;
  sleep: (ms: number) => Promise<void>;
  /** Epoch milliseconds. */
  now: () => number;
  print: (text: string) => void;
};

/** The stack of the foundation as it is. */
export type FoundationStack = {
  id: string;
  status: string;
  /** Epoch milliseconds at which its last operation began. */
  changedAt: number;
  /** From being deleted. */
  isProtected: boolean;
  parameters: Record<string, string>;
  outputs: Record<string, string>;
};

/** What is there, and what of it has to become different. */
export type Survey = {
  accountId: string;
  stack?: FoundationStack;
  change: 'create' | 'update' | 'none';
  /** Of the stack as it is, where there is one. */
  template?: string;
  /** What the stack shall have. */
  parameters: Record<string, string>;
  /** Templates that are not in the bucket. */
  missing: StackBlueprint[];
  hasImage: boolean;
};

/** Reads only. @throws BootstrapError */
export async function survey(context: BootstrapContext): Promise<Survey> {
  const accountId = await findAccount(context);
  const stack = await findFoundation(context.clients);
  assertUsable(stack, context.asked.region);
  const isThere = stack && stack.status !== 'REVIEW_IN_PROGRESS';
  const outputs = isThere ? stack.outputs : {};
  const parameters = chooseParameters(context, stack);
  const template = isThere ? await readTemplate(context, stack) : undefined;
  return {
    ...{ accountId, stack, template, parameters },
    change:
      template === undefined
        ? 'create'
        : compare(context, { ...stack!, template }, parameters),
    missing: await findMissing(context, outputs.TemplateBucketName, accountId),
    hasImage: await hasImage(context, outputs.RuntimeRepositoryUri),
  };
}

async function findAccount({ clients, asked }: BootstrapContext) {
  const { Account } = await callAws('sts:GetCallerIdentity', () =>
    clients.sts.send(new GetCallerIdentityCommand({})),
  );
  if (asked.accountId && asked.accountId !== Account) {
    throw new BootstrapError(
      `The credentials belong to account ${Account}, not to ${asked.accountId}. Name the profile of that account with --profile.`,
    );
  }
  return Account!;
}

/** @throws BootstrapError */
export async function findFoundation({
  cloudFormation,
}: Pick<BootstrapClients, 'cloudFormation'>): Promise<
  FoundationStack | undefined
> {
  const { Stacks } = await callAws(
    'cloudformation:DescribeStacks',
    async () => {
      try {
        return await cloudFormation.send(
          new DescribeStacksCommand({ StackName: FOUNDATION_STACK_NAME }),
        );
      } catch (error) {
        if (isAbsence(error)) return { Stacks: [] };
        throw error;
      }
    },
  );
  const found = Stacks?.[0];
  return (
    found && {
      id: found.StackId!,
      status: found.StackStatus!,
      changedAt: (found.LastUpdatedTime ?? found.CreationTime!).getTime(),
      isProtected: found.EnableTerminationProtection ?? false,
      parameters: toRecord(found.Parameters, 'ParameterKey', 'ParameterValue'),
      outputs: toRecord(found.Outputs, 'OutputKey', 'OutputValue'),
    }
  );
}

function assertUsable(stack: FoundationStack | undefined, region: string) {
  if (!stack || stack.status === 'REVIEW_IN_PROGRESS') return;
  const { status, outputs } = stack;
  const where = `--stack-name ${FOUNDATION_STACK_NAME} --region ${region}`;
  const is = `Stack ${FOUNDATION_STACK_NAME} is in ${status}`;
  if (isBusy(status)) {
    throw new BootstrapError(
      `${is}: somebody is changing it. Wait until CloudFormation is done, and start again.`,
    );
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    throw new BootstrapError(
      `${is}. Correct what its events in the console say, run "aws cloudformation continue-update-rollback ${where}", and start again.`,
    );
  }
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(status)) {
    throw new BootstrapError(
      `${is} and cannot be changed. Its events in the console say why. Run "aws cloudformation delete-stack ${where}", wait until it is gone, and start again.`,
    );
  }
  if (!outputs.TemplateBucketName) {
    throw new BootstrapError(
      `There is a stack ${FOUNDATION_STACK_NAME} in ${region} that is no foundation of GenAI environments: it has no output TemplateBucketName. Use another region or account.`,
    );
  }
}

/**
 * What is given, else what the stack has, else the default; for a new one, zones that will do.
 *
 * @throws BootstrapError
 */
function chooseParameters(
  { blueprints, asked }: BootstrapContext,
  stack: FoundationStack | undefined,
): Record<string, string> {
  const isNew = !stack || stack.status === 'REVIEW_IN_PROGRESS';
  const given = { ...stack?.parameters, ...asked.parameters };
  const zones = isNew ? chooseZones(asked.region, given) : {};
  const chosen = Object.fromEntries(
    blueprints.manifest.foundation.parameters.map(
      ({ name, default: value = '' }) => [
        name,
        zones[name] ?? given[name] ?? value,
      ],
    ),
  );
  assertZoneIds(chosen, asked.region);
  return chosen;
}

async function readTemplate(
  { clients }: BootstrapContext,
  { id }: FoundationStack,
): Promise<string> {
  const { TemplateBody = '' } = await callAws(
    'cloudformation:GetTemplate',
    () =>
      clients.cloudFormation.send(
        new GetTemplateCommand({ StackName: id, TemplateStage: 'Original' }),
      ),
  );
  return TemplateBody;
}

function compare(
  { blueprints }: BootstrapContext,
  stack: FoundationStack & { template: string },
  parameters: Record<string, string>,
): 'update' | 'none' {
  const wanted = blueprints.readTemplate(blueprints.manifest.foundation);
  const isSame =
    stack.template.trim() === wanted.trim() &&
    Object.entries(parameters).every(
      ([name, value]) => stack.parameters[name] === value,
    );
  return isSame ? 'none' : 'update';
}

/** Templates of environments that the bucket does not have; all while there is no bucket. */
export async function findMissing(
  { clients, blueprints }: Pick<BootstrapContext, 'clients' | 'blueprints'>,
  bucket: string | undefined,
  accountId: string,
): Promise<StackBlueprint[]> {
  const all = blueprints.manifest.environments.flatMap(each => [
    each.core,
    each.services,
  ]);
  if (!bucket) return all;
  const found = await Promise.all(
    all.map(stack =>
      exists('s3:GetObject', () =>
        clients.s3.send(
          new HeadObjectCommand({
            Bucket: bucket,
            Key: templateKey(blueprints.manifest, stack),
            ExpectedBucketOwner: accountId,
          }),
        ),
      ),
    ),
  );
  return all.filter((_, index) => !found[index]);
}

/** Whether the image of the runtime was pushed, in the blueprints' version. */
export async function hasImage(
  { clients, blueprints }: Pick<BootstrapContext, 'clients' | 'blueprints'>,
  repositoryUri: string | undefined,
): Promise<boolean> {
  if (!repositoryUri) return false;
  return exists('ecr:DescribeImages', () =>
    clients.ecr.send(
      new DescribeImagesCommand({
        repositoryName: repositoryUri.split('/').slice(1).join('/'),
        imageIds: [{ imageTag: blueprints.manifest.version }],
      }),
    ),
  );
}

function exists(operation: string, ask: () => Promise<unknown>) {
  return callAws(operation, async () => {
    try {
      await ask();
      return true;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  });
}
