import { Aws, Fn, Token } from 'aws-cdk-lib';

/**
 * An ARN of this account and region. The shorter of CloudFormation's ways to write it, where it
 * can be: the foundation has some hundred of them, and little room.
 */
export function arn(service: string, resource: string): string {
  if (!Token.isUnresolved(resource)) {
    return Fn.sub(
      `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
    );
  }
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

/** An ARN of a service that names no account. */
export function accountlessArn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}::${resource}`;
}

/** The twelve characters of a stack's id that no other stack has. */
export function stackSuffix(): string {
  return Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
}
