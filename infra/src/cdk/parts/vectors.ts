import { Fn } from 'aws-cdk-lib';
import {
  CfnAccessPolicy,
  CfnCollection,
  CfnCollectionGroup,
  CfnSecurityPolicy,
} from 'aws-cdk-lib/aws-opensearchserverless';
import { CfnVectorBucket } from 'aws-cdk-lib/aws-s3vectors';
import type { BlueprintStack } from '../BlueprintStack';
import { stackSuffix } from './arn';

const MOST_OCUS = 4;

/** Vectors in S3: costs nothing while nobody asks. */
export function createVectorBucket(
  stack: BlueprintStack,
  { keyArn }: { keyArn: string },
): CfnVectorBucket {
  const name = `genai-vectors-${stackSuffix()}`;
  const bucket = new CfnVectorBucket(stack, 'VectorBucket', {
    vectorBucketName: name,
    encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: keyArn },
  });
  stack.output('VectorBucketName', {
    description: 'Where vectors are kept',
    value: name,
  });
  return bucket;
}

/** A collection whose capacity goes down to nothing while nobody asks. */
export function createCollection(
  stack: BlueprintStack,
  { keyArn }: { keyArn: string },
): CfnCollection {
  const name = `genai-${stackSuffix()}`;
  const encryption = new CfnSecurityPolicy(stack, 'CollectionEncryption', {
    name,
    type: 'encryption',
    policy: stack.toJsonString({
      Rules: [{ ResourceType: 'collection', Resource: [`collection/${name}`] }],
      AWSOwnedKey: false,
      KmsARN: keyArn,
    }),
  });
  const network = new CfnSecurityPolicy(stack, 'CollectionNetwork', {
    name,
    type: 'network',
    policy: stack.toJsonString([
      {
        Rules: [
          { ResourceType: 'collection', Resource: [`collection/${name}`] },
        ],
        AllowFromPublic: true,
      },
    ]),
  });
  const group = new CfnCollectionGroup(stack, 'CollectionGroup', {
    name,
    generation: 'NEXTGEN',
    standbyReplicas: 'ENABLED',
    capacityLimits: {
      minIndexingCapacityInOcu: 0,
      minSearchCapacityInOcu: 0,
      maxIndexingCapacityInOcu: MOST_OCUS,
      maxSearchCapacityInOcu: MOST_OCUS,
    },
  });
  const collection = new CfnCollection(stack, 'Collection', {
    name,
    type: 'VECTORSEARCH',
    collectionGroupName: group.name,
  });
  for (const each of [encryption, network, group]) {
    collection.addResourceDependency(each);
  }
  const outputs: Array<[string, string, string]> = [
    [
      'CollectionEndpoint',
      collection.attrCollectionEndpoint,
      'Where vectors are kept',
    ],
    ['CollectionArn', collection.attrArn, 'Its ARN'],
  ];
  for (const [key, value, description] of outputs) {
    stack.output(key, { value, description });
  }
  return collection;
}

/** Collections have policies of their own beside those of roles. */
export function openCollection(
  stack: BlueprintStack,
  options: { collection: CfnCollection; roleArns: string[] },
): void {
  const { collection, roleArns } = options;
  new CfnAccessPolicy(stack, 'CollectionAccess', {
    name: collection.name,
    type: 'data',
    policy: stack.toJsonString([
      {
        Rules: [
          {
            ResourceType: 'index',
            Resource: [Fn.join('', ['index/', collection.name, '/*'])],
            Permission: [
              'aoss:CreateIndex',
              'aoss:DeleteIndex',
              'aoss:DescribeIndex',
              'aoss:ReadDocument',
              'aoss:UpdateIndex',
              'aoss:WriteDocument',
            ],
          },
        ],
        Principal: roleArns,
      },
    ]),
  });
}
