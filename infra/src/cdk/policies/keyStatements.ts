import { arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

export const KEYS: Statement[] = [
  {
    Sid: 'Keys',
    Action: [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:EnableKeyRotation',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:GenerateDataKeyWithoutPlaintext',
      'kms:GetKeyPolicy',
      'kms:GetKeyRotationStatus',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'kms:RetireGrant',
      'kms:ScheduleKeyDeletion',
      'kms:TagResource',
      'kms:UntagResource',
      'kms:UpdateKeyDescription',
    ],
    reason: 'Ids of keys are chosen by KMS; the tag says whose a key is.',
    Resource: [arn('kms', 'key/*')],
    Condition: { Null: { 'aws:ResourceTag/genai:environment': 'false' } },
  },
  {
    Sid: 'NewKeys',
    Action: ['kms:CreateKey'],
    reason: 'A key has no ARN before it exists.',
    Resource: '*',
    Condition: { Null: { 'aws:RequestTag/genai:environment': 'false' } },
  },
  {
    // Its tags are given with it, when they cannot be looked at yet.
    Sid: 'TagsOfNewKeys',
    Action: ['kms:TagResource'],
    reason: 'Ids of keys are chosen by KMS.',
    Resource: [arn('kms', 'key/*')],
    Condition: { Null: { 'aws:RequestTag/genai:environment': 'false' } },
  },
];
