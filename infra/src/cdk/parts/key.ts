import { Aws } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import type { BlueprintStack } from '../BlueprintStack';
import { arn } from './arn';

const WAITING_DAYS = 7;

/** The key that everything of an environment is encrypted with. */
export function createKey(
  stack: BlueprintStack,
  { environmentName }: { environmentName: string },
): CfnKey {
  return new CfnKey(stack, 'Key', {
    description: `Data of the GenAI environment ${environmentName}`,
    enableKeyRotation: true,
    pendingWindowInDays: WAITING_DAYS,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'PoliciesOfTheAccountDecide',
          Effect: 'Allow',
          Principal: {
            AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`,
          },
          Action: 'kms:*',
          Resource: '*',
        },
        {
          Sid: 'LogsOfTheEnvironment',
          Effect: 'Allow',
          Principal: { Service: `logs.${Aws.REGION}.${Aws.URL_SUFFIX}` },
          Action: [
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKey',
            'kms:GenerateDataKeyWithoutPlaintext',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
          Resource: '*',
          Condition: {
            ArnLike: {
              'kms:EncryptionContext:aws:logs:arn': arn(
                'logs',
                `log-group:/genai/${environmentName}/*`,
              ),
            },
          },
        },
        {
          Sid: 'IndexesOfVectors',
          Effect: 'Allow',
          Principal: { Service: 'indexing.s3vectors.amazonaws.com' },
          Action: ['kms:Decrypt'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        },
      ],
    },
  });
}
