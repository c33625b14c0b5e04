import { Aws, type CfnCondition, CfnRule, Fn } from 'aws-cdk-lib';
import type { BlueprintTier } from '../../manifest/manifest';
import type { LoadBalancerTarget } from '../api/createIntegration';
import type { BlueprintStack } from '../BlueprintStack';
import { createLoadBalancer } from './loadBalancer';
import { createNetwork, ZONE_ID, ZONES } from './network';
import { createVpcLink } from './vpcLink';
import { createWebAcl } from './webAcl';

/** What an environment stands on: shared with others, or its own, by tier. */
export type Ground = {
  isRunning: CfnCondition;
  webAclArn: string;
  loadBalancer: LoadBalancerTarget;
};

type Place = {
  vpcId: string;
  cidr: string;
  privateSubnetIds: string[];
  vpcLink: { id: string; securityGroupId: string };
  webAclArn: string;
};

/** Makes what the tier does not share. */
export function createGround(
  stack: BlueprintStack,
  { tier }: { tier: BlueprintTier },
): Ground {
  const state = stack.parameter('State', {
    description:
      'Whether the environment runs, or keeps its data and address and nothing else',
    default: 'running',
    allowedValues: ['running', 'hibernated'],
    source: { from: 'provisioner', what: 'state' },
  });
  const isRunning = stack.condition('IsRunning', () =>
    Fn.conditionEquals(state.valueAsString, 'running'),
  );
  if (tier !== 'isolated') requireNat(stack);
  if (tier === 'sandbox') return shareGround(stack, isRunning);
  const place =
    tier === 'isolated' ? createPlace(stack, isRunning) : sharePlace(stack);
  const balancer = createLoadBalancer(stack, {
    vpcId: place.vpcId,
    cidr: place.cidr,
    subnetIds: place.privateSubnetIds,
    vpcLinkSecurityGroupId: place.vpcLink.securityGroupId,
    accessLogBucket: accessLogBucketOf(),
    condition: isRunning,
  });
  const outputs: Array<[string, string, string, CfnCondition?]> = [
    ['VpcId', place.vpcId, 'Network'],
    ['PrivateSubnetIds', Fn.join(',', place.privateSubnetIds), 'Where it runs'],
    ['ListenerArn', balancer.listenerArn, 'Where rules are', isRunning],
    ['LoadBalancerFullName', balancer.fullName, 'Its metrics', isRunning],
    [
      'LoadBalancerSecurityGroupId',
      balancer.securityGroupId,
      'Its security group',
    ],
  ];
  for (const [name, value, description, condition] of outputs) {
    stack.output(name, { value, description, condition });
  }
  return {
    isRunning,
    webAclArn: place.webAclArn,
    loadBalancer: {
      arn: balancer.arn,
      dnsName: balancer.dnsName,
      vpcLinkId: place.vpcLink.id,
    },
  };
}

function shareGround(stack: BlueprintStack, isRunning: CfnCondition): Ground {
  const shared = (name: string, description: string, output = name) =>
    stack.copied(name, { stack: 'foundation', output, description })
      .valueAsString;
  return {
    isRunning,
    webAclArn: shared('WebAclArn', 'In front of the gateway'),
    loadBalancer: {
      arn: shared(
        'LoadBalancerArn',
        'Load balancer of sandboxes',
        'SandboxLoadBalancerArn',
      ),
      dnsName: shared(
        'LoadBalancerDnsName',
        'Its name',
        'SandboxLoadBalancerDnsName',
      ),
      vpcLinkId: shared('VpcLinkId', 'Link of the gateway into the network'),
    },
  };
}

/** Tokens of Cognito, and what verifies them, come from the internet alone. */
function requireNat(stack: BlueprintStack): void {
  const nat = stack.copied('Nat', {
    stack: 'foundation',
    description: 'Whether the network of the account reaches the internet',
  });
  new CfnRule(stack, 'TasksReachCognito', {
    assertions: [
      {
        assert: Fn.conditionEquals(nat.valueAsString, 'true'),
        assertDescription:
          'This tier needs the NAT gateway of the account: set Nat of stack genai-foundation to true, or take tier isolated',
      },
    ],
  });
}

/** A load balancer of its own in the network of the account. */
function sharePlace(stack: BlueprintStack): Place {
  const shared = (name: string, description: string) =>
    stack.copied(name, { stack: 'foundation', description }).valueAsString;
  return {
    vpcId: shared('VpcId', 'Network of environments'),
    cidr: shared('VpcCidr', 'Its addresses'),
    privateSubnetIds: stack.copied('PrivateSubnetIds', {
      stack: 'foundation',
      description: 'Where everything runs',
      type: 'CommaDelimitedList',
    }).valueAsList,
    vpcLink: {
      id: shared('VpcLinkId', 'Link of the gateway into the network'),
      securityGroupId: shared('VpcLinkSecurityGroupId', 'Its security group'),
    },
    webAclArn: shared('WebAclArn', 'In front of the gateway'),
  };
}

/**
 * A network of its own: nothing but the account is shared. Its ways to AWS are what costs, so
 * they go while the environment is hibernated.
 */
function createPlace(stack: BlueprintStack, isRunning: CfnCondition): Place {
  const cidr = stack.setting('IsolatedVpcCidr', {
    key: 'isolatedVpcCidr',
    description: 'Addresses of the network, a block of 16 bits',
    default: '10.65.0.0/16',
    allowedPattern: '^\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.0/16$',
  });
  const reach = stack.setting('IsolatedNetwork', {
    key: 'isolatedNetwork',
    description:
      'How tasks reach AWS: by a NAT gateway, or by endpoints where there are any and a NAT gateway for the rest',
    default: 'nat',
    allowedValues: ['nat', 'endpoints'],
  });
  const network = createNetwork(stack, {
    cidr: cidr.valueAsString,
    zones: Array.from({ length: ZONES }, (_, index) => ({
      availabilityZoneId: stack.copied(`Zone${index + 1}`, {
        stack: 'foundation',
        description: 'Id of an availability zone that VPC links know',
        allowedPattern: `^${ZONE_ID}$`,
      }).valueAsString,
    })),
    hasNat: isRunning,
    hasEndpoints: stack.condition('HasEndpoints', () =>
      Fn.conditionAnd(
        isRunning,
        Fn.conditionEquals(reach.valueAsString, 'endpoints'),
      ),
    ),
    flowLogBucketArn: `arn:${Aws.PARTITION}:s3:::${accessLogBucketOf()}`,
  });
  return {
    ...network,
    vpcLink: createVpcLink(stack, network),
    webAclArn: createWebAcl(stack).attrArn,
  };
}

/** Declared with the data of the environment. */
function accessLogBucketOf(): string {
  return Fn.ref('AccessLogBucketName');
}
