import type { Rate } from './RateLimiter';

/**
 * How much of AWS's request rates the portal takes, for each account and region. Well below
 * what AWS allows by default, because other tools use the same account.
 *
 * CloudFormation publishes no numbers; these are what its console needs. ECS: 20 reads a
 * second sustained, 50 at once. Cognito: 15 client reads and 15 client updates a second.
 * Secrets Manager: 50 writes a second. Resource Groups Tagging: 15 a second.
 * CloudWatch Logs: 5 searches a second, which cannot be raised.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://repost.aws/knowledge-center/cloudwatch-logs-throttling
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
export const RATES = {
  'cloudformation-read': { perSecond: 5, burst: 10 },
  'cloudformation-write': { perSecond: 2, burst: 5 },
  ecs: { perSecond: 10, burst: 20 },
  cognito: { perSecond: 8, burst: 10 },
  secretsmanager: { perSecond: 20, burst: 20 },
  cloudwatch: { perSecond: 2, burst: 4 },
  bedrock: { perSecond: 2, burst: 4 },
  s3: { perSecond: 20, burst: 40 },
  s3vectors: { perSecond: 5, burst: 5 },
  ecr: { perSecond: 5, burst: 10 },
  tagging: { perSecond: 5, burst: 5 },
  logs: { perSecond: 3, burst: 5 },
  kms: { perSecond: 5, burst: 5 },
  sts: { perSecond: 5, burst: 5 },
} satisfies Record<string, Rate>;

export type Api = keyof typeof RATES;
