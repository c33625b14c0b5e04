import { Aws, Fn } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { BlueprintStack } from '../BlueprintStack';
import { boundaryStatements } from '../policies/boundary';
import { portalRolePolicies } from '../policies/portalRole';
import { serviceRolePolicies } from '../policies/serviceRole';
import { createRole, policyDocument, type Statement } from './iam';
import { acknowledgeWildcards } from './wildcards';

/** The boundary of all roles, the role of CloudFormation, and that of the portal. */
export function createFoundationRoles(
  stack: BlueprintStack,
  { templates, logs }: { templates: CfnBucket; logs: CfnBucket },
): void {
  const boundary = new CfnManagedPolicy(stack, 'PermissionsBoundary', {
    description: 'The most that a role of a GenAI environment may do',
    policyDocument: policyDocument(boundaryStatements()),
  });
  acknowledgeWildcards(stack, boundary, boundaryStatements());
  const service = createRole(stack, 'ServiceRole', {
    description: 'CloudFormation makes GenAI environments',
    principal: 'cloudformation.amazonaws.com',
    statements: [],
    managedPolicyArns: managedPolicies(stack, {
      prefix: 'Service',
      policies: serviceRolePolicies({ permissionsBoundaryArn: boundary.ref }),
    }),
  });
  const portal = createPortalRole(stack, {
    serviceRoleArn: service.attrArn,
    ...{ templates, logs },
  });
  const outputs: Array<[string, string, string]> = [
    ['PermissionsBoundaryArn', boundary.ref, 'Boundary of all roles'],
    ['ServiceRoleArn', service.attrArn, 'Role of CloudFormation'],
  ];
  for (const [name, value, description] of outputs) {
    stack.output(name, { value, description });
  }
  stack.output('PortalRoleArn', {
    value: portal.attrArn,
    description: 'Role that the portal takes on',
    condition: portal.cfnOptions.condition,
  });
}

/** Only where somebody may take it on. */
function createPortalRole(
  stack: BlueprintStack,
  options: { serviceRoleArn: string; templates: CfnBucket; logs: CfnBucket },
): CfnRole {
  const { serviceRoleArn, templates, logs } = options;
  const principal = stack.setting('PortalPrincipalArn', {
    key: 'portalPrincipalArn',
    description:
      'ARN of the role that the portal runs with, in this or another account; empty: no role for it is made here',
    default: '',
    allowedPattern: '^(arn:[a-z-]+:iam::\\d{12}:(role|user)/.{1,600})?$',
  });
  const externalId = stack.setting('PortalExternalId', {
    key: 'externalId',
    description: 'What the portal names when it takes the role on',
    default: 'genai-environments',
    allowedPattern: '^[\\w+=,.@:/-]{2,200}$',
  });
  const condition = stack.isGiven(principal);
  const policies = managedPolicies(stack, {
    prefix: 'Portal',
    policies: portalRolePolicies({
      serviceRoleArn,
      templateBucketArn: templates.attrArn,
      accessLogBucketArn: logs.attrArn,
      templateUrlPattern: Fn.join('', [
        'https://',
        templates.ref,
        `.s3.${Aws.REGION}.${Aws.URL_SUFFIX}/*`,
      ]),
    }),
  });
  const role = new CfnRole(stack, 'PortalRole', {
    description: 'The portal has environments made and looks after them',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: principal.valueAsString },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: { 'sts:ExternalId': externalId.valueAsString },
          },
        },
      ],
    },
    managedPolicyArns: policies,
  });
  role.cfnOptions.condition = condition;
  return role;
}

/** Inline policies of a role may have 10 KB together; each of these has 6 KB. */
function managedPolicies(
  stack: BlueprintStack,
  options: { prefix: string; policies: Record<string, Statement[]> },
): string[] {
  return Object.entries(options.policies).map(([name, statements]) => {
    const policy = new CfnManagedPolicy(
      stack,
      `${options.prefix}${name}Policy`,
      {
        policyDocument: policyDocument(statements),
      },
    );
    acknowledgeWildcards(stack, policy, statements);
    return policy.ref;
  });
}
