import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { schemaOf } from './cloudformation/schemas';
import { FakeAws } from './FakeAws';

const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

const BUCKET = {
  Resources: {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: { BucketName: { 'Fn::Sub': 'data-${AWS::AccountId}' } },
    },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: {} },
    },
  },
  Outputs: { Name: { Value: { Ref: 'Bucket' } } },
};
const ROLE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'named', AssumeRolePolicyDocument: {} },
    },
  },
};

describe('the fake of AWS', () => {
  let aws: FakeAws;
  let client: CloudFormationClient;

  beforeAll(() => void schemaOf('AWS::S3::Bucket'), 60_000);

  beforeEach(async () => {
    aws = await FakeAws.start();
    client = new CloudFormationClient({
      ...aws.clientOptions('t1'),
      region: REGION,
      maxAttempts: 1,
      credentials: FakeAws.credentialsOf(ACCOUNT),
    });
  });

  afterEach(() => {
    client.destroy();
    aws.stop();
  });

  const describeStack = async (StackName = 'one') =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks![0];

  function change(template: object, more: object = {}) {
    return client.send(
      new CreateChangeSetCommand({
        StackName: 'one',
        ChangeSetName: 'first',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(template),
        Tags: [{ Key: 'genai:environment', Value: 'one' }],
        ...more,
      }),
    );
  }

  async function create(template: object) {
    await change(template);
    aws.clock.advance(5000);
    await client.send(
      new ExecuteChangeSetCommand({ StackName: 'one', ChangeSetName: 'first' }),
    );
  }

  it('creates a stack as time passes, and answers with outputs, tags and events', async () => {
    await create(BUCKET);
    expect(await describeStack()).toMatchObject({
      StackStatus: 'CREATE_IN_PROGRESS',
    });
    aws.clock.advance(60_000);
    expect(await describeStack()).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      Outputs: [{ OutputKey: 'Name', OutputValue: `data-${ACCOUNT}` }],
      Tags: [{ Key: 'genai:environment', Value: 'one' }],
    });
    const { StackEvents } = await client.send(
      new DescribeStackEventsCommand({ StackName: 'one' }),
    );
    expect(
      StackEvents!
        .map(event => `${event.LogicalResourceId} ${event.ResourceStatus}`)
        .reverse(),
    ).toEqual([
      'one REVIEW_IN_PROGRESS',
      'one CREATE_IN_PROGRESS',
      'Bucket CREATE_IN_PROGRESS',
      'Bucket CREATE_COMPLETE',
      'Policy CREATE_IN_PROGRESS',
      'Policy CREATE_COMPLETE',
      'one CREATE_COMPLETE',
    ]);
    expect(StackEvents![0].Timestamp).toBeInstanceOf(Date);
  });

  it('rolls back when a resource fails, and leaves nothing of it', async () => {
    aws.failResource({ resource: 'Policy', on: 'create', reason: 'No.' });
    await create(BUCKET);
    aws.clock.advance(60_000);
    expect(await describeStack()).toMatchObject({
      StackStatus: 'ROLLBACK_COMPLETE',
    });
    expect(aws.region(ACCOUNT, REGION).remains()).toEqual(['stack one']);
  });

  it('refuses to delete what is protected, and fails on what is not empty', async () => {
    await create(BUCKET);
    aws.clock.advance(60_000);
    const protect = (on: boolean) =>
      client.send(
        new UpdateTerminationProtectionCommand({
          StackName: 'one',
          EnableTerminationProtection: on,
        }),
      );
    const remove = () =>
      client.send(new DeleteStackCommand({ StackName: 'one' }));
    await protect(true);
    await expect(remove()).rejects.toThrow(/TerminationProtection is enabled/);
    await protect(false);
    const region = aws.region(ACCOUNT, REGION);
    region.buckets.get(`data-${ACCOUNT}`)!.set('file', 'x');
    await remove();
    aws.clock.advance(60_000);
    expect(await describeStack()).toMatchObject({
      StackStatus: 'DELETE_FAILED',
    });
    region.buckets.get(`data-${ACCOUNT}`)!.clear();
    await remove();
    aws.clock.advance(60_000);
    expect(region.remains()).toEqual([]);
    await expect(describeStack()).rejects.toThrow(/does not exist/);
  });

  it('refuses types and properties that AWS does not have, and missing capabilities', async () => {
    const bucket = (Properties: object, Type = 'AWS::S3::Bucket') => ({
      Resources: { Bucket: { Type, Properties } },
    });
    await expect(change(bucket({}, 'AWS::S3::Buket'))).rejects.toThrow(
      /Unrecognized resource types/,
    );
    await expect(change(bucket({ Bucketname: 'x' }))).rejects.toThrow(
      /unsupported property Bucketname/,
    );
    await expect(
      change(bucket({ VersioningConfiguration: { State: 'Enabled' } })),
    ).rejects.toThrow(/unsupported property State/);
    await expect(change(ROLE)).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
    });
    await change(ROLE, { Capabilities: ['CAPABILITY_NAMED_IAM'] });
  });

  it('throttles, breaks, loses answers and lets callers die on demand', async () => {
    const list = () => client.send(new ListStacksCommand({}));
    const isList = ({ operation }: { operation: string }) =>
      operation === 'ListStacks';
    aws.faults.add('throttle', isList);
    await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' });
    aws.faults.add('server-error', isList);
    await expect(list()).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });

    aws.faults.add(
      'lost-answer',
      ({ operation }) => operation === 'CreateChangeSet',
    );
    await expect(change(BUCKET)).rejects.toThrow();
    await expect(list()).resolves.toMatchObject({
      StackSummaries: [{ StackName: 'one', StackStatus: 'REVIEW_IN_PROGRESS' }],
    });
    aws.faults.add('kill-before', isList);
    await expect(list()).rejects.toThrow();
    await expect(list()).rejects.toThrow();
  });
});
