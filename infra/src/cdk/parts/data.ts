import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import { createBucket } from './buckets';
import { policyDocument } from './iam';

/** Workers, and the queue that each of them empties. */
export const QUEUES = [
  'Extraction',
  'Chunking',
  'Ingest',
  'Vectorization',
] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * Workers give up themselves after five failures and say why; deliveries to workers that
 * crashed count here, so the limit lies far above.
 */
const DELIVERIES = 30;
const KEPT_SECONDS = 14 * 24 * 3600;
const VISIBILITY_SECONDS = 60;

/** The one table of all services. @see docs/adr/0011-one-dynamodb-table.md */
export function createTable(
  stack: BlueprintStack,
  { keyArn }: { keyArn: string },
): CfnTable {
  return new CfnTable(stack, 'Table', {
    billingMode: 'PAY_PER_REQUEST',
    attributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map(name => ({
      attributeName: name,
      attributeType: 'S',
    })),
    keySchema: keySchema('pk', 'sk'),
    globalSecondaryIndexes: [
      {
        indexName: 'gsi1',
        keySchema: keySchema('gsi1pk', 'gsi1sk'),
        projection: { projectionType: 'ALL' },
      },
    ],
    timeToLiveSpecification: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    sseSpecification: {
      sseEnabled: true,
      sseType: 'KMS',
      kmsMasterKeyId: keyArn,
    },
  });
}

function keySchema(hash: string, range: string): CfnTable.KeySchemaProperty[] {
  return [
    { attributeName: hash, keyType: 'HASH' },
    { attributeName: range, keyType: 'RANGE' },
  ];
}

/** Uploads and artefacts; callers reach it by addresses that are signed for an hour or less. */
export function createObjects(
  stack: BlueprintStack,
  options: { keyArn: string; accessLogBucket: string },
): CfnBucket {
  const { bucket } = createBucket(stack, 'Bucket', {
    ...options,
    cors: {
      corsRules: [
        {
          // The signature is what opens an address; pages of any origin may use it.
          allowedOrigins: ['*'],
          allowedMethods: ['GET', 'PUT'],
          allowedHeaders: ['*'],
          exposedHeaders: ['ETag'],
          maxAge: 3600,
        },
      ],
    },
  });
  return bucket;
}

export type Queues = Record<QueueName, { queue: CfnQueue; dead: CfnQueue }>;

/** A queue for each worker, and where it puts what is given up. */
export function createQueues(stack: BlueprintStack): Queues {
  const entries = QUEUES.map(name => {
    const dead = createQueue(stack, `DeadLetterQueue${name}`, {
      messageRetentionPeriod: KEPT_SECONDS,
    });
    const queue = createQueue(stack, `Queue${name}`, {
      messageRetentionPeriod: KEPT_SECONDS,
      redrivePolicy: {
        deadLetterTargetArn: dead.attrArn,
        maxReceiveCount: DELIVERIES,
      },
    });
    return [name, { queue, dead }] as const;
  });
  return Object.fromEntries(entries) as Queues;
}

function createQueue(
  stack: BlueprintStack,
  id: string,
  options: {
    messageRetentionPeriod: number;
    redrivePolicy?: object;
  },
): CfnQueue {
  const queue = new CfnQueue(stack, id, {
    ...options,
    // Messages hold ids and nothing of documents, so the key of SQS is enough.
    sqsManagedSseEnabled: true,
    visibilityTimeout: VISIBILITY_SECONDS,
    receiveMessageWaitTimeSeconds: 20,
  });
  new CfnQueuePolicy(stack, `${id}Policy`, {
    queues: [queue.ref],
    policyDocument: policyDocument([
      {
        Sid: 'EncryptedRequestsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: ['sqs:*'],
        Resource: [queue.attrArn],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]),
  });
  return queue;
}

/** As policies name them. */
export function arnsOf(
  queues: Queues,
): Record<QueueName, { arn: string; deadArn: string }> {
  const entries = QUEUES.map(name => {
    const { queue, dead } = queues[name];
    return [name, { arn: queue.attrArn, deadArn: dead.attrArn }] as const;
  });
  return Object.fromEntries(entries) as Record<
    QueueName,
    { arn: string; deadArn: string }
  >;
}
