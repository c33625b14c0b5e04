import { type CfnTag, Fn } from 'aws-cdk-lib';
import type { BlueprintStack } from '../BlueprintStack';

/** The name that the console shows where a resource has none of its own. */
export function named(stack: BlueprintStack, what: string): CfnTag[] {
  return [
    {
      key: 'Name',
      value: Fn.join('-', [stack.stackName, what.toLowerCase()]),
    },
  ];
}
