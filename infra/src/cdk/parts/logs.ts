import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { BlueprintStack } from '../BlueprintStack';

/** Days that CloudWatch takes as a time to keep logs. */
const RETENTION_DAYS = ['1', '3', '7', '14', '30', '60', '90', '180', '365'];

/** One group for each of `names`, `/genai/<environment>/<name>`. They outlive the services. */
export function createLogGroups(
  stack: BlueprintStack,
  options: {
    environmentName: string;
    keyArn: string;
    names: readonly string[];
  },
): Record<string, CfnLogGroup> {
  const { environmentName, keyArn, names } = options;
  const retention = stack.setting('LogRetentionDays', {
    key: 'logRetentionDays',
    description: 'How long logs are kept',
    type: 'Number',
    default: '30',
    allowedValues: RETENTION_DAYS,
  });
  return Object.fromEntries(
    names.map(name => [
      name,
      new CfnLogGroup(stack, `LogGroup${toId(name)}`, {
        logGroupName: `/genai/${environmentName}/${name}`,
        retentionInDays: retention.valueAsNumber,
        kmsKeyId: keyArn,
      }),
    ]),
  );
}

/** `model-invocation` → `ModelInvocation`. */
export function toId(name: string): string {
  return name
    .split('-')
    .map(word => word[0].toUpperCase() + word.slice(1))
    .join('');
}
