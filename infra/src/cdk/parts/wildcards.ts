import type { CfnResource } from 'aws-cdk-lib';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledge, type Statement } from './iam';

/** Names and tags of environments: nothing else in the account begins like this. */
const OWN_NAMES = /genai[-/]/;

const NAMED_BY_CLOUDFORMATION =
  'The resource does not exist yet, or its name ends with characters that CloudFormation chooses; it begins like everything of an environment.';

/**
 * Answers the check for wildcards for each resource of a policy that has one: by the reason
 * that its statement gives, where the pattern is not one of names of environments.
 *
 * @throws Error when a statement gives none
 */
export function acknowledgeWildcards(
  stack: BlueprintStack,
  resource: CfnResource,
  statements: Statement[],
): void {
  for (const { Sid, Resource, reason } of statements) {
    for (const each of [stack.resolve(Resource)].flat()) {
      const pattern = render(each);
      if (!pattern.includes('*')) continue;
      const why =
        reason ??
        (OWN_NAMES.test(pattern) ? NAMED_BY_CLOUDFORMATION : undefined);
      if (!why) {
        throw new Error(
          `Statement ${Sid} of ${resource.node.path} covers ${pattern}. Name what it needs, or give the reason why that is not possible.`,
        );
      }
      acknowledge(resource, {
        [`AwsSolutions-IAM5[Resource::${pattern}]`]: why,
      });
    }
  }
}

/** A value of CloudFormation as the checks write it: `<Bucket.Arn>/*`. */
function render(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[name, argument]] = Object.entries(value as Record<string, unknown>);
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::Sub') {
    return (argument as string).replace(/\$\{([^}]+)\}/g, '<$1>');
  }
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::Join') {
    const [separator, parts] = argument as [string, unknown[]];
    return parts.map(render).join(separator);
  }
  return JSON.stringify(value);
}
