import { Aws } from 'aws-cdk-lib';
import { accountlessArn, arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

const partition = `arn:${Aws.PARTITION}`;

export const LOAD_BALANCERS: Statement[] = [
  {
    Sid: 'LoadBalancers',
    Action: [
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:CreateListener',
      'elasticloadbalancing:CreateLoadBalancer',
      'elasticloadbalancing:CreateRule',
      'elasticloadbalancing:CreateTargetGroup',
      'elasticloadbalancing:DeleteListener',
      'elasticloadbalancing:DeleteLoadBalancer',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:DeleteTargetGroup',
      'elasticloadbalancing:ModifyListener',
      'elasticloadbalancing:ModifyListenerAttributes',
      'elasticloadbalancing:ModifyLoadBalancerAttributes',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:ModifyTargetGroup',
      'elasticloadbalancing:ModifyTargetGroupAttributes',
      'elasticloadbalancing:RemoveTags',
      'elasticloadbalancing:SetRulePriorities',
      'elasticloadbalancing:SetSecurityGroups',
      'elasticloadbalancing:SetSubnets',
    ],
    Resource: [
      'loadbalancer/app/genai-*',
      'listener/app/genai-*',
      'listener-rule/app/genai-*',
      'targetgroup/genai-*',
    ].map(each => arn('elasticloadbalancing', each)),
  },
  {
    Sid: 'DescribeLoadBalancers',
    Action: [
      'elasticloadbalancing:DescribeCapacityReservation',
      'elasticloadbalancing:DescribeListenerAttributes',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancerAttributes',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    reason: 'Descriptions take no resource.',
    Resource: '*',
  },
];

/**
 * What is done only to what stands complete, and so carries the tags of its stack. Parts of an
 * API and of a domain name have the tags of the whole.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
 */
const OWN: Statement = {
  Sid: 'OwnNetworksAndGateways',
  Action: [
    'apigateway:DELETE',
    'ec2:AssociateRouteTable',
    'ec2:AttachInternetGateway',
    'ec2:CreateRoute',
    'ec2:DeleteFlowLogs',
    'ec2:DeleteInternetGateway',
    'ec2:DeleteNatGateway',
    'ec2:DeleteRoute',
    'ec2:DeleteRouteTable',
    'ec2:DeleteSecurityGroup',
    'ec2:DeleteSubnet',
    'ec2:DeleteVpc',
    'ec2:DeleteVpcEndpoints',
    'ec2:DetachInternetGateway',
    'ec2:DisassociateRouteTable',
    'ec2:ModifyVpcEndpoint',
    'ec2:ReleaseAddress',
    'ec2:ReplaceRoute',
    'ec2:RevokeSecurityGroupIngress',
    'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
    'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
    'wafv2:DeleteWebACL',
    'wafv2:UpdateWebACL',
  ],
  reason: 'Ids are chosen by AWS; the tag says whose each is.',
  Resource: [
    arn('ec2', '*'),
    accountlessArn('apigateway', '/*'),
    arn('wafv2', 'regional/webacl/*'),
  ],
  Condition: { Null: { 'aws:ResourceTag/genai:environment': 'false' } },
};

export const NETWORK: Statement[] = [
  OWN,
  {
    // Handlers ask it while they make something, perhaps before they put its tags. To tag
    // something is what makes it an environment's, so no condition would be stronger.
    Sid: 'Networks',
    Action: [
      'ec2:AllocateAddress',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:CreateFlowLogs',
      'ec2:CreateInternetGateway',
      'ec2:CreateNatGateway',
      'ec2:CreateRouteTable',
      'ec2:CreateSecurityGroup',
      'ec2:CreateSubnet',
      'ec2:CreateTags',
      'ec2:CreateVpc',
      'ec2:CreateVpcEndpoint',
      'ec2:DeleteTags',
      'ec2:ModifySubnetAttribute',
      'ec2:ModifyVpcAttribute',
      'ec2:RevokeSecurityGroupEgress',
    ],
    reason:
      'Ids of networks and their parts are chosen by EC2; what is deleted has the tag.',
    Resource: [
      'elastic-ip',
      'internet-gateway',
      'natgateway',
      'route-table',
      'security-group',
      'security-group-rule',
      'subnet',
      'vpc',
      'vpc-endpoint',
      'vpc-flow-log',
    ].map(each => arn('ec2', `${each}/*`)),
  },
  {
    Sid: 'DescribeNetworks',
    Action: [
      'ec2:DescribeAddresses',
      'ec2:DescribeAvailabilityZones',
      'ec2:DescribeFlowLogs',
      'ec2:DescribeInstances',
      'ec2:DescribeInternetGateways',
      'ec2:DescribeNatGateways',
      'ec2:DescribeNetworkAcls',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeRouteTables',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeTags',
      'ec2:DescribeVpcAttribute',
      'ec2:DescribeVpcEncryptionControls',
      'ec2:DescribeVpcEndpoints',
      'ec2:DescribeVpcs',
      'ec2:DescribeVpnGateways',
    ],
    reason: 'Descriptions take no resource.',
    Resource: '*',
  },
];

export const GATEWAY: Statement[] = [
  {
    Sid: 'Apis',
    Action: [
      'apigateway:GET',
      'apigateway:PATCH',
      'apigateway:POST',
      'apigateway:PUT',
      'apigateway:SetWebACL',
      'apigateway:TagResource',
      'apigateway:UntagResource',
      'apigateway:UpdateRestApiPolicy',
    ],
    reason:
      'Ids of gateways are chosen by API Gateway; what is deleted has the tag.',
    Resource: [
      '/restapis',
      '/restapis/*',
      '/domainnames',
      '/domainnames/*',
      '/vpclinks',
      '/vpclinks/*',
      '/tags/*',
    ].map(each => accountlessArn('apigateway', each)),
  },
  {
    Sid: 'WebAcls',
    Action: [
      'wafv2:AssociateWebACL',
      'wafv2:CreateWebACL',
      'wafv2:DisassociateWebACL',
      'wafv2:GetWebACL',
      'wafv2:GetWebACLForResource',
      'wafv2:ListTagsForResource',
      'wafv2:TagResource',
      'wafv2:UntagResource',
    ],
    reason: 'Ids of gateways and web ACLs are chosen by AWS.',
    Resource: [
      arn('wafv2', 'regional/webacl/*'),
      arn('wafv2', 'regional/managedruleset/*'),
      accountlessArn('apigateway', '/restapis/*/stages/*'),
    ],
  },
  {
    Sid: 'TagsAndRules',
    Action: ['apigateway:DELETE', 'wafv2:UpdateWebACL'],
    reason: 'Neither has tags: tags themselves, and AWS’s own groups of rules.',
    Resource: [
      accountlessArn('apigateway', '/tags/*'),
      arn('wafv2', 'regional/managedruleset/*'),
    ],
  },
];

export const NAMES: Statement[] = [
  {
    // Neither mail, nor proofs of ownership, nor delegations.
    Sid: 'AddressesOfNames',
    Action: ['route53:ChangeResourceRecordSets'],
    reason: 'The zone is a setting of each account and region.',
    Resource: [`${partition}:route53:::hostedzone/*`],
    Condition: {
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsRecordTypes': ['A'],
      },
    },
  },
  {
    Sid: 'Names',
    Action: [
      'route53:GetChange',
      'route53:GetHostedZone',
      'route53:ListResourceRecordSets',
    ],
    reason:
      'The zone is a setting of each account and region; ids of changes are chosen by Route 53.',
    Resource: [
      `${partition}:route53:::change/*`,
      `${partition}:route53:::hostedzone/*`,
    ],
  },
];
