import { Aws } from 'aws-cdk-lib';
import type { Statement } from '../parts/iam';
import { COMPUTE, OBSERVABILITY } from './computeStatements';
import { DATA, IMAGES } from './dataStatements';
import { KEYS } from './keyStatements';
import { GATEWAY, LOAD_BALANCERS, NAMES, NETWORK } from './networkStatements';

const partition = `arn:${Aws.PARTITION}`;

/**
 * What CloudFormation may do when it makes, changes and deletes environments. Names begin with
 * `genai-`, since CloudFormation names resources after their stack.
 */
export function serviceRolePolicies(options: {
  permissionsBoundaryArn: string;
}): Record<string, Statement[]> {
  return {
    Data: [...DATA, ...KEYS],
    Network: [...LOAD_BALANCERS, ...NETWORK, ...GATEWAY],
    // Names are here because the policy of networks is full.
    Compute: [
      ...IMAGES,
      ...COMPUTE,
      ...OBSERVABILITY,
      ...NAMES,
      ...roles(options),
    ],
  };
}

/** Roles are made under the boundary or not at all, and go to tasks alone. */
function roles(options: { permissionsBoundaryArn: string }): Statement[] {
  const role = `${partition}:iam::${Aws.ACCOUNT_ID}:role/genai-*`;
  return [
    {
      Sid: 'RolesUnderTheBoundary',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      Resource: [role],
      Condition: {
        StringEquals: {
          'iam:PermissionsBoundary': options.permissionsBoundaryArn,
        },
      },
    },
    {
      Sid: 'Roles',
      Action: [
        'iam:DeleteRole',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:ListRoleTags',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      Resource: [role],
    },
    {
      // They are named like those of environments, and have no boundary.
      Sid: 'KeepRolesOfFoundation',
      Effect: 'Deny',
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PassRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      Resource: [`${partition}:iam::${Aws.ACCOUNT_ID}:role/genai-foundation-*`],
    },
    {
      Sid: 'PassRolesToTasks',
      Action: ['iam:PassRole'],
      Resource: [role],
      Condition: {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    },
    {
      Sid: 'ServiceLinkedRoles',
      Action: ['iam:CreateServiceLinkedRole'],
      reason: 'The condition names the services.',
      Resource: [`${partition}:iam::${Aws.ACCOUNT_ID}:role/aws-service-role/*`],
      Condition: {
        StringEquals: {
          'iam:AWSServiceName': [
            'ecs.amazonaws.com',
            'ecs.application-autoscaling.amazonaws.com',
            'elasticloadbalancing.amazonaws.com',
            'ops.apigateway.amazonaws.com',
            'observability.aoss.amazonaws.com',
          ],
        },
      },
    },
  ];
}
