import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Validations } from 'aws-cdk-lib';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledgeWildcards } from './wildcards';

/** A statement of a policy, in the words of IAM. */
export type Statement = {
  Sid?: string;
  Effect?: 'Allow' | 'Deny';
  /** Of policies of resources alone. */
  Principal?: unknown;
  Action: string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
  /** Why a wildcard in `Resource` is right; not written to the template. */
  reason?: string;
};

export type RoleOptions = {
  description: string;
  /** Service that may take the role on: `ecs-tasks.amazonaws.com`. */
  principal: string;
  permissionsBoundary?: string;
  statements: Statement[];
  managedPolicyArns?: string[];
};

/** A role with one policy of its own. */
export function createRole(
  stack: BlueprintStack,
  id: string,
  options: RoleOptions,
): CfnRole {
  const { description, principal, statements } = options;
  const role = new CfnRole(stack, id, {
    description,
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: principal },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    permissionsBoundary: options.permissionsBoundary,
    managedPolicyArns: options.managedPolicyArns,
    policies: statements.length
      ? [{ policyName: 'own', policyDocument: policyDocument(statements) }]
      : undefined,
  });
  acknowledgeWildcards(stack, role, statements);
  return role;
}

export function policyDocument(statements: Statement[]): object {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ Effect = 'Allow', reason, ...rest }) => ({
      Effect,
      ...rest,
    })),
  };
}

/** Why findings of the checks are right as they are; each finding by its id. */
export function acknowledge(
  construct: Parameters<typeof Validations.of>[0],
  findings: Record<string, string>,
): void {
  const validations = Validations.of(construct);
  for (const [id, reason] of Object.entries(findings)) {
    validations.acknowledge({ id, reason });
  }
}
