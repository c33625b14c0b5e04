import { Aws, Fn } from 'aws-cdk-lib';
import { QUEUES, type QueueName } from '../parts/data';
import { arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

/** Keys of records begin with what they are of. @see docs/adr/0011-one-dynamodb-table.md */
export const RECORDS = {
  models: ['invocations#*', 'limits#*', 'log#*', 'usage#*'],
  documents: ['documents#*'],
  vectors: ['vectors#*'],
  prompts: ['prompts#*'],
  applications: ['applications', 'applications#*'],
  tasks: ['platform#*'],
};
export type RecordKind = keyof typeof RECORDS;

/** What tasks of a kind work on. */
export type TaskNeeds = {
  reads: RecordKind[];
  writes: RecordKind[];
  objects: boolean;
  /** Whether it says how queues are without working on them. */
  looksAtQueues: boolean;
  /** Queues that it puts work into. */
  sends: QueueName[];
  /** Queues that it empties. */
  empties: QueueName[];
  vectors: boolean;
  models: boolean;
  readsText: boolean;
  /** Clients of the pool: learns of new ones, or makes and deletes them, too. */
  applications: 'none' | 'learns' | 'administers';
};

/** What an environment keeps, by the ARNs that policies name. */
export type TaskResources = {
  tableArn: string;
  bucketArn: string;
  keyArn: string;
  userPoolArn: string;
  queues: Record<QueueName, { arn: string; deadArn: string }>;
  /** One of the two. */
  vectorBucketArn?: string;
  collectionArn?: string;
};

type Context = {
  resources: TaskResources;
  environmentName: string;
  foundationModelArns: string[];
};

const TEXTRACT: Statement = {
  Sid: 'Text',
  Action: ['textract:GetDocumentAnalysis', 'textract:StartDocumentAnalysis'],
  Resource: '*',
  reason: 'Textract has no resources.',
};

/** The policy of a task's role: what its needs say and nothing beyond. */
export function taskStatements(
  needs: TaskNeeds,
  context: Context,
): Statement[] {
  return [
    ...recordStatements(needs, context),
    ...(needs.objects ? objectStatements(context) : []),
    ...queueStatements(needs, context),
    ...(needs.vectors ? vectorStatements(context) : []),
    ...(needs.models ? modelStatements(context) : []),
    ...(needs.readsText ? [TEXTRACT] : []),
    ...cognitoStatements(needs, context),
    {
      Sid: 'Key',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: [context.resources.keyArn],
    },
  ];
}

function recordStatements(
  { reads, writes }: TaskNeeds,
  { resources }: Context,
): Statement[] {
  const index = Fn.join('', [resources.tableArn, '/index/gsi1']);
  const keys = (kinds: RecordKind[]) => ({
    'ForAllValues:StringLike': {
      'dynamodb:LeadingKeys': kinds.flatMap(kind => RECORDS[kind]),
    },
  });
  return [
    {
      Sid: 'Table',
      Action: ['dynamodb:DescribeTable'],
      Resource: [resources.tableArn],
    },
    {
      Sid: 'ReadRecords',
      Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      Resource: [resources.tableArn, index],
      Condition: keys([...writes, ...reads]),
    },
    ...(writes.length
      ? [
          {
            Sid: 'WriteRecords',
            Action: [
              'dynamodb:BatchWriteItem',
              'dynamodb:ConditionCheckItem',
              'dynamodb:DeleteItem',
              'dynamodb:PutItem',
              'dynamodb:UpdateItem',
            ],
            Resource: [resources.tableArn],
            Condition: keys(writes),
          },
        ]
      : []),
  ];
}

function objectStatements({ resources }: Context): Statement[] {
  return [
    {
      Sid: 'Objects',
      Action: [
        's3:AbortMultipartUpload',
        's3:DeleteObject',
        's3:GetObject',
        's3:PutObject',
      ],
      Resource: [Fn.join('', [resources.bucketArn, '/*'])],
      reason: 'Objects of the one bucket of the environment.',
    },
    {
      Sid: 'Bucket',
      Action: ['s3:ListBucket'],
      Resource: [resources.bucketArn],
    },
  ];
}

function queueStatements(
  { sends, empties, looksAtQueues }: TaskNeeds,
  { resources }: Context,
): Statement[] {
  if (!sends.length && !empties.length && !looksAtQueues) return [];
  const arns = (names: readonly QueueName[]) =>
    names.flatMap(name => [
      resources.queues[name].arn,
      resources.queues[name].deadArn,
    ]);
  return [
    {
      Sid: 'Queues',
      Action: ['sqs:GetQueueAttributes'],
      Resource: arns(QUEUES),
    },
    ...(sends.length
      ? [
          {
            Sid: 'Send',
            Action: ['sqs:SendMessage'],
            Resource: arns([...new Set([...sends, ...empties])]),
          },
        ]
      : []),
    ...(empties.length
      ? [
          {
            Sid: 'Work',
            Action: [
              'sqs:ChangeMessageVisibility',
              'sqs:DeleteMessage',
              'sqs:ReceiveMessage',
            ],
            Resource: empties.map(name => resources.queues[name].arn),
          },
        ]
      : []),
  ];
}

function vectorStatements({ resources }: Context): Statement[] {
  const { collectionArn, vectorBucketArn } = resources;
  if (collectionArn) {
    return [
      {
        Sid: 'Collection',
        Action: ['aoss:APIAccessAll'],
        Resource: [collectionArn],
      },
    ];
  }
  return [
    {
      Sid: 'VectorBucket',
      Action: ['s3vectors:GetVectorBucket'],
      Resource: [vectorBucketArn],
    },
    {
      Sid: 'Vectors',
      Action: [
        's3vectors:CreateIndex',
        's3vectors:DeleteIndex',
        's3vectors:DeleteVectors',
        's3vectors:GetIndex',
        's3vectors:GetVectors',
        's3vectors:ListVectors',
        's3vectors:PutVectors',
        's3vectors:QueryVectors',
      ],
      Resource: [Fn.join('', [vectorBucketArn!, '/index/*'])],
      reason: 'Indexes are made by applications, in the one vector bucket.',
    },
  ];
}

/** The environment's own profiles, and the models behind them when they are asked through these. */
function modelStatements(context: Context): Statement[] {
  const { environmentName, foundationModelArns } = context;
  const Action = [
    'bedrock:InvokeModel',
    'bedrock:InvokeModelWithResponseStream',
  ];
  const profiles = arn('bedrock', 'application-inference-profile/*');
  return [
    {
      Sid: 'Models',
      Action,
      Resource: [profiles],
      Condition: {
        StringEquals: { 'aws:ResourceTag/genai:environment': environmentName },
      },
      reason:
        'Ids of profiles are chosen by Bedrock; the tag says whose a profile is.',
    },
    {
      Sid: 'ModelsBehindThem',
      Action,
      Resource: foundationModelArns,
      Condition: { StringLike: { 'bedrock:InferenceProfileArn': profiles } },
    },
  ];
}

function cognitoStatements(
  { applications }: TaskNeeds,
  { resources }: Context,
): Statement[] {
  if (applications === 'none') return [];
  return [
    {
      Sid: 'Applications',
      Action: [
        'cognito-idp:DescribeUserPoolClient',
        'cognito-idp:ListUserPoolClients',
        ...(applications === 'administers'
          ? [
              'cognito-idp:CreateUserPoolClient',
              'cognito-idp:DeleteUserPoolClient',
            ]
          : []),
      ],
      Resource: [resources.userPoolArn],
    },
  ];
}

/** What ECS itself needs to start tasks of an environment. */
export function executionStatements(options: {
  environmentName: string;
  keyArn: string;
  secretArns: string[];
}): Statement[] {
  const { environmentName, keyArn, secretArns } = options;
  return [
    {
      Sid: 'Registry',
      Action: ['ecr:GetAuthorizationToken'],
      Resource: '*',
      reason: 'The action takes no resource.',
    },
    {
      Sid: 'Images',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      Resource: [arn('ecr', 'repository/genai-*')],
    },
    {
      Sid: 'Logs',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [
        arn('logs', `log-group:/genai/${environmentName}/*:log-stream:*`),
      ],
      reason: 'Streams are named by ECS, in the groups of the environment.',
    },
    {
      Sid: 'Secrets',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: secretArns,
    },
    {
      Sid: 'KeyOfSecrets',
      Action: ['kms:Decrypt'],
      Resource: [keyArn],
      Condition: {
        StringEquals: {
          'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com`,
        },
      },
    },
  ];
}
