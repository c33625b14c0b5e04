import { Aws } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import { createBucket } from './buckets';
import { acknowledge } from './iam';

const KEPT_DAYS = 90;

/** Writers of logs, each below a prefix of its own. */
const WRITERS = [
  // Names of load balancers' log files begin with what they are told.
  ['LoadBalancers', 'logdelivery.elasticloadbalancing.amazonaws.com', 'alb/*'],
  ['Objects', 'logging.s3.amazonaws.com', 's3/*'],
  ['Connections', 'delivery.logs.amazonaws.com', 'AWSLogs/*'],
];

/** Takes the access logs of load balancers and buckets, and the flow logs of networks. */
export function createAccessLogBucket(stack: BlueprintStack): CfnBucket {
  const bucket = createBucket(stack, 'AccessLogBucket', {
    expiresAfterDays: KEPT_DAYS,
    statements: WRITERS.map(([Sid, Service, prefix]) => ({
      Sid,
      Principal: { Service },
      Action: ['s3:PutObject'],
      Resource: [
        `arn:${Aws.PARTITION}:s3:::${Aws.STACK_NAME}-logs-${Aws.ACCOUNT_ID}-${Aws.REGION}/${prefix}`,
      ],
      Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    })),
  });
  // A policy cannot name its bucket by a reference without a cycle when the bucket waits for it.
  bucket.bucketName = `${Aws.STACK_NAME}-logs-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
  acknowledge(bucket, {
    'AwsSolutions-S1': 'This is the bucket that access logs go to.',
  });
  return bucket;
}
