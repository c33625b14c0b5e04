import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import { policyDocument, type Statement } from './iam';

const PRIVATE: CfnBucket.PublicAccessBlockConfigurationProperty = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

export type BucketOptions = {
  /** Default: keys of S3. */
  keyArn?: string;
  /** Bucket that says who asked for what; not given to the bucket that holds such logs. */
  accessLogBucket?: string;
  /** Beside that requests must be encrypted. */
  statements?: (bucketArn: string) => Statement[];
  expiresAfterDays?: number;
  cors?: CfnBucket.CorsConfigurationProperty;
  isVersioned?: boolean;
};

/** A bucket that nothing public reaches, with its policy. */
export function createBucket(
  stack: BlueprintStack,
  id: string,
  options: BucketOptions,
): { bucket: CfnBucket; policy: CfnBucketPolicy } {
  const {
    keyArn,
    accessLogBucket,
    statements = () => [],
    expiresAfterDays,
  } = options;
  const bucket = new CfnBucket(stack, id, {
    publicAccessBlockConfiguration: PRIVATE,
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    bucketEncryption: {
      serverSideEncryptionConfiguration: [
        {
          bucketKeyEnabled: keyArn !== undefined,
          serverSideEncryptionByDefault: keyArn
            ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn }
            : { sseAlgorithm: 'AES256' },
        },
      ],
    },
    loggingConfiguration: accessLogBucket
      ? {
          destinationBucketName: accessLogBucket,
          logFilePrefix: 's3/',
        }
      : undefined,
    corsConfiguration: options.cors,
    versioningConfiguration: options.isVersioned
      ? { status: 'Enabled' }
      : undefined,
    lifecycleConfiguration: { rules: lifecycle(expiresAfterDays) },
  });
  const policy = new CfnBucketPolicy(stack, `${id}Policy`, {
    bucket: bucket.ref,
    policyDocument: policyDocument([
      {
        Sid: 'EncryptedRequestsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*'],
        Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      ...statements(bucket.attrArn),
    ]),
  });
  return { bucket, policy };
}

function lifecycle(
  expiresAfterDays: number | undefined,
): CfnBucket.RuleProperty[] {
  return [
    {
      id: 'unfinished-uploads',
      status: 'Enabled',
      abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    },
    ...(expiresAfterDays === undefined
      ? []
      : [
          {
            id: 'expiry',
            status: 'Enabled',
            expirationInDays: expiresAfterDays,
          },
        ]),
  ];
}
