import { Aws } from 'aws-cdk-lib';
import { arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

const partition = `arn:${Aws.PARTITION}`;

/**
 * The most that any role of an environment may do, whatever its own policy says: work on data
 * of environments. Nothing that changes roles, keys, networks or stacks.
 */
export function boundaryStatements(): Statement[] {
  return [
    {
      Sid: 'Records',
      Action: [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:DescribeTable',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
      ],
      Resource: [arn('dynamodb', 'table/genai-*')],
    },
    {
      Sid: 'Objects',
      Action: [
        's3:AbortMultipartUpload',
        's3:DeleteObject',
        's3:GetObject',
        's3:ListBucket',
        's3:PutObject',
      ],
      Resource: [`${partition}:s3:::genai-*`],
    },
    {
      Sid: 'Queues',
      Action: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      Resource: [arn('sqs', 'genai-*')],
    },
    {
      Sid: 'Vectors',
      Action: [
        's3vectors:CreateIndex',
        's3vectors:DeleteIndex',
        's3vectors:DeleteVectors',
        's3vectors:GetIndex',
        's3vectors:GetVectorBucket',
        's3vectors:GetVectors',
        's3vectors:ListIndexes',
        's3vectors:ListVectors',
        's3vectors:PutVectors',
        's3vectors:QueryVectors',
      ],
      Resource: [arn('s3vectors', 'bucket/genai-*')],
    },
    {
      Sid: 'Collections',
      Action: ['aoss:APIAccessAll'],
      reason: 'Ids of collections are chosen by AWS.',
      Resource: [arn('aoss', 'collection/*')],
    },
    {
      Sid: 'Models',
      Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      reason:
        'Ids of profiles are chosen by Bedrock; which models an environment may be given, its owner decides.',
      Resource: [
        arn('bedrock', 'application-inference-profile/*'),
        arn('bedrock', 'inference-profile/*'),
        `${partition}:bedrock:*::foundation-model/*`,
      ],
    },
    {
      Sid: 'Text',
      Action: [
        'textract:GetDocumentAnalysis',
        'textract:StartDocumentAnalysis',
      ],
      reason: 'The actions take no resource.',
      Resource: '*',
    },
    {
      Sid: 'Applications',
      Action: [
        'cognito-idp:CreateUserPoolClient',
        'cognito-idp:DeleteUserPoolClient',
        'cognito-idp:DescribeUserPoolClient',
        'cognito-idp:ListUserPoolClients',
      ],
      reason: 'The id of a pool is chosen by Cognito.',
      Resource: [arn('cognito-idp', 'userpool/*')],
    },
    {
      Sid: 'Keys',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      reason: 'Ids of keys are chosen by KMS; the tag says whose a key is.',
      Resource: [arn('kms', 'key/*')],
    },
    {
      Sid: 'Starting',
      Action: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        'secretsmanager:GetSecretValue',
      ],
      Resource: [
        arn('ecr', 'repository/genai-*'),
        arn('logs', 'log-group:/genai/*'),
        arn('secretsmanager', 'secret:genai/*'),
      ],
    },
    {
      Sid: 'Registry',
      Action: ['ecr:GetAuthorizationToken'],
      reason: 'The action takes no resource.',
      Resource: '*',
    },
  ];
}
