import { Aws, type CfnResource } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import { createBucket } from './buckets';
import { acknowledge, type Statement } from './iam';

const KEPT_DAYS = 90;

/** Takes the access logs of load balancers and buckets, and the flow logs of networks. */
export function createAccessLogBucket(stack: BlueprintStack): {
  bucket: CfnBucket;
  policy: CfnResource;
} {
  const { bucket, policy } = createBucket(stack, 'AccessLogBucket', {
    expiresAfterDays: KEPT_DAYS,
    statements: writerStatements,
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': 'This is the bucket that access logs go to.',
  });
  return { bucket, policy };
}

/** Services of AWS that write logs, each below a prefix of its own and of this account. */
function writerStatements(bucketArn: string): Statement[] {
  const ofThisAccount = {
    StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
  };
  const connections = { Service: 'delivery.logs.amazonaws.com' };
  return [
    {
      Sid: 'LoadBalancers',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: ['s3:PutObject'],
      Resource: [`${bucketArn}/alb/AWSLogs/${Aws.ACCOUNT_ID}/*`],
    },
    {
      Sid: 'Objects',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: ['s3:PutObject'],
      Resource: [`${bucketArn}/s3/*`],
      Condition: ofThisAccount,
    },
    {
      Sid: 'Connections',
      Principal: connections,
      Action: ['s3:PutObject'],
      Resource: [`${bucketArn}/AWSLogs/${Aws.ACCOUNT_ID}/*`],
      Condition: ofThisAccount,
    },
    {
      Sid: 'ConnectionsLook',
      Principal: connections,
      Action: ['s3:GetBucketAcl', 's3:ListBucket'],
      Resource: [bucketArn],
      Condition: ofThisAccount,
    },
  ];
}
