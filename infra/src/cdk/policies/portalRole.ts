import { Aws } from 'aws-cdk-lib';
import { arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

const partition = `arn:${Aws.PARTITION}`;
const TAGGED = { Null: { 'aws:ResourceTag/genai:environment': 'false' } };

const CREDENTIALS: Statement[] = [
  {
    Sid: 'Applications',
    Action: [
      'cognito-idp:AddUserPoolClientSecret',
      'cognito-idp:CreateUserPoolClient',
      'cognito-idp:DeleteUserPoolClient',
      'cognito-idp:DeleteUserPoolClientSecret',
      'cognito-idp:DescribeUserPoolClient',
      'cognito-idp:ListUserPoolClientSecrets',
      'cognito-idp:ListUserPoolClients',
      'cognito-idp:UpdateUserPoolClient',
    ],
    reason: 'The id of a pool is chosen by Cognito.',
    Resource: [arn('cognito-idp', 'userpool/*')],
    Condition: TAGGED,
  },
  {
    Sid: 'Secrets',
    Action: [
      'secretsmanager:CreateSecret',
      'secretsmanager:DeleteSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
    ],
    Resource: [arn('secretsmanager', 'secret:genai/*')],
  },
  {
    Sid: 'KeysOfSecrets',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    reason: 'Ids of keys are chosen by KMS; the tag says whose a key is.',
    Resource: [arn('kms', 'key/*')],
    Condition: {
      ...TAGGED,
      StringEquals: {
        'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
      },
    },
  },
  {
    Sid: 'Keys',
    Action: ['kms:DescribeKey'],
    reason: 'Ids of keys are chosen by KMS; the tag says whose a key is.',
    Resource: [arn('kms', 'key/*')],
    Condition: TAGGED,
  },
];

const SERVICES: Statement[] = [
  {
    Sid: 'Services',
    Action: [
      'ecs:DescribeClusters',
      'ecs:DescribeServices',
      'ecs:DescribeTasks',
      'ecs:ListTasks',
    ],
    Resource: [
      arn('ecs', 'cluster/genai-*'),
      arn('ecs', 'service/genai-*'),
      arn('ecs', 'task/genai-*'),
      arn('ecs', 'container-instance/genai-*'),
    ],
  },
  {
    Sid: 'TaskDefinitions',
    Action: ['ecs:DescribeTaskDefinition'],
    reason: 'IAM knows no resource for it.',
    Resource: '*',
  },
  {
    Sid: 'Alarms',
    Action: ['cloudwatch:DescribeAlarms'],
    reason: 'Composite alarms are described only to those who may see all.',
    Resource: '*',
  },
  {
    Sid: 'Logs',
    Action: ['logs:FilterLogEvents'],
    Resource: [arn('logs', 'log-group:/genai/*')],
  },
];

const DELETIONS = [
  's3:DeleteBucket',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:ListBucketVersions',
];

/**
 * What CloudFormation does not delete while something is in it. CloudFormation shortens the
 * name of the stack in those of buckets, so that no pattern tells an environment's from the
 * foundation's own.
 */
const contents = (ownBucketArns: string[]): Statement[] => [
  {
    Sid: 'EmptyBuckets',
    Action: DELETIONS,
    Resource: [`${partition}:s3:::genai-*`],
    // Names of buckets are those of the whole world.
    Condition: { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } },
  },
  {
    Sid: 'KeepTemplatesAndLogs',
    Effect: 'Deny',
    Action: DELETIONS,
    reason: 'Every object of these buckets is kept, in all regions.',
    Resource: [
      ...ownBucketArns.flatMap(bucket => [bucket, `${bucket}/*`]),
      // Names of buckets have no region: these are those of the account's other foundations.
      ...['accesslogbucket', 'templatebucket'].map(
        each => `${partition}:s3:::genai-foundation-${each}-*`,
      ),
    ],
  },
  {
    Sid: 'EmptyRepositories',
    Action: ['ecr:BatchDeleteImage', 'ecr:ListImages'],
    Resource: [arn('ecr', 'repository/genai-*')],
  },
  {
    Sid: 'EmptyVectorBuckets',
    Action: ['s3vectors:DeleteIndex', 's3vectors:ListIndexes'],
    Resource: [arn('s3vectors', 'bucket/genai-*')],
  },
];

/** What a form shows, and what a plan checks. */
const CHOICES: Statement[] = [
  {
    Sid: 'Lists',
    Action: [
      'bedrock:ListFoundationModels',
      'bedrock:ListInferenceProfiles',
      'secretsmanager:ListSecrets',
    ],
    reason: 'Lists take no resource.',
    Resource: '*',
  },
  {
    Sid: 'Images',
    Action: ['ecr:DescribeImages'],
    Resource: [arn('ecr', 'repository/genai-*')],
  },
];

/**
 * What the portal may do: have CloudFormation make environments with one role and from one
 * bucket, and look after what is in them. No IAM.
 */
export function portalRolePolicies(options: {
  serviceRoleArn: string;
  templateBucketArn: string;
  accessLogBucketArn: string;
  templateUrlPattern: string;
}): Record<string, Statement[]> {
  const { templateBucketArn, accessLogBucketArn } = options;
  return {
    Stacks: stackStatements(options),
    Environments: [
      ...CREDENTIALS,
      ...SERVICES,
      ...contents([templateBucketArn, accessLogBucketArn]),
      ...CHOICES,
    ],
  };
}

function stackStatements(options: {
  serviceRoleArn: string;
  templateBucketArn: string;
  templateUrlPattern: string;
}): Statement[] {
  const { serviceRoleArn, templateBucketArn, templateUrlPattern } = options;
  const stacks = [arn('cloudformation', 'stack/genai-*/*')];
  return [
    {
      Sid: 'ChangeStacks',
      Action: ['cloudformation:CreateChangeSet'],
      Resource: stacks,
      Condition: {
        StringEquals: { 'cloudformation:RoleArn': serviceRoleArn },
        StringLike: { 'cloudformation:TemplateUrl': templateUrlPattern },
        Null: { 'aws:RequestTag/genai:environment': 'false' },
      },
    },
    {
      Sid: 'Stacks',
      Action: [
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeChangeSet',
        'cloudformation:DescribeStackEvents',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:ListStackResources',
        'cloudformation:TagResource',
        'cloudformation:UpdateTerminationProtection',
      ],
      Resource: stacks,
    },
    {
      // It is named like those of environments, which it must outlive.
      Sid: 'KeepFoundation',
      Effect: 'Deny',
      Action: [
        'cloudformation:CancelUpdateStack',
        'cloudformation:ContinueUpdateRollback',
        'cloudformation:CreateChangeSet',
        'cloudformation:DeleteChangeSet',
        'cloudformation:DeleteStack',
        'cloudformation:ExecuteChangeSet',
        'cloudformation:TagResource',
        'cloudformation:UpdateTerminationProtection',
      ],
      Resource: [arn('cloudformation', 'stack/genai-foundation/*')],
    },
    {
      Sid: 'DescribeStacks',
      Action: [
        'cloudformation:DescribeStacks',
        'cloudformation:ListStacks',
        'tag:GetResources',
      ],
      reason: 'All stacks are described in one call.',
      Resource: '*',
    },
    {
      Sid: 'PassTheServiceRole',
      Action: ['iam:PassRole'],
      Resource: [serviceRoleArn],
      Condition: {
        StringEquals: {
          'iam:PassedToService': 'cloudformation.amazonaws.com',
        },
      },
    },
    {
      // Whoever could write them could have the service role do anything: bootstrap does it.
      Sid: 'Templates',
      Action: ['s3:GetObject'],
      reason: 'Objects of the one bucket of templates.',
      Resource: [`${templateBucketArn}/*`],
    },
    {
      Sid: 'TemplateBucket',
      Action: ['s3:ListBucket'],
      Resource: [templateBucketArn],
    },
  ];
}
