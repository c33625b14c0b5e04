import { type CfnCondition, type CfnResource, Fn } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnFlowLog,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  type CfnSubnetProps,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPCGatewayAttachment,
} from 'aws-cdk-lib/aws-ec2';
import { Aws } from 'aws-cdk-lib';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledge } from './iam';
import { named } from './tags';

/** Zones a network spans; each has a private and a public subnet. */
export const ZONES = 2;
/** Of a subnet: 4,096 addresses, a task takes one. */
const SUBNET_BITS = '12';

/**
 * Services of AWS that tasks call without leaving the network, when there are endpoints. Not
 * Cognito: by its endpoint it gives no application a token, and the private name of the endpoint
 * would take the place of the public one.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/vpc-interface-endpoints.html
 */
export const INTERFACE_ENDPOINTS = [
  'bedrock-runtime',
  'ecr.api',
  'ecr.dkr',
  'logs',
  's3vectors',
  'secretsmanager',
  'sqs',
  'textract',
] as const;

export type Network = {
  vpcId: string;
  /** Its addresses. */
  cidr: string;
  privateSubnetIds: string[];
};

/** By its id where it has to be a certain one: names stand for others in each account. */
export type Zone = Pick<
  CfnSubnetProps,
  'availabilityZoneId' | 'availabilityZone'
>;

/** Of the ids of availability zones; local zones have longer ones. */
export const ZONE_ID = '[a-z]+\\d-az\\d';

export type NetworkOptions = {
  cidr: string;
  zones: Zone[];
  /** That private subnets reach the internet. */
  hasNat: CfnCondition;
  /** That services of AWS are reached inside the network, as far as they can be. */
  hasEndpoints: CfnCondition;
  /** ARN of the bucket that records of connections go to. */
  flowLogBucketArn: string;
  /** What must be there before they are written. */
  flowLogsWaitFor?: CfnResource[];
};

/** A network with private subnets for everything that runs, in two zones. */
export function createNetwork(
  stack: BlueprintStack,
  options: NetworkOptions,
): Network & { zoneIds: string[] } {
  const { cidr, zones } = options;
  const vpc = new CfnVPC(stack, 'Vpc', {
    cidrBlock: cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: named(stack, 'vpc'),
  });
  const flowLog = new CfnFlowLog(stack, 'VpcFlowLog', {
    resourceId: vpc.ref,
    resourceType: 'VPC',
    trafficType: 'REJECT',
    logDestinationType: 's3',
    logDestination: options.flowLogBucketArn,
  });
  for (const each of options.flowLogsWaitFor ?? []) {
    flowLog.addResourceDependency(each);
  }
  const gateway = new CfnInternetGateway(stack, 'InternetGateway', {});
  const attachment = new CfnVPCGatewayAttachment(stack, 'InternetAttachment', {
    vpcId: vpc.ref,
    internetGatewayId: gateway.ref,
  });
  const publicRoutes = new CfnRouteTable(stack, 'PublicRoutes', {
    vpcId: vpc.ref,
  });
  new CfnRoute(stack, 'PublicRoute', {
    routeTableId: publicRoutes.ref,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.ref,
  }).addResourceDependency(attachment);
  const privateRoutes = new CfnRouteTable(stack, 'PrivateRoutes', {
    vpcId: vpc.ref,
  });

  const subnets = zones.map((zone, index) => ({
    isPublic: createSubnet(stack, `PublicSubnet${index + 1}`, {
      ...{ vpcId: vpc.ref, cidr, zone, index },
      routeTableId: publicRoutes.ref,
    }),
    isPrivate: createSubnet(stack, `PrivateSubnet${index + 1}`, {
      ...{ vpcId: vpc.ref, cidr, zone, index: ZONES + index },
      routeTableId: privateRoutes.ref,
    }),
  }));
  const privateSubnetIds = subnets.map(({ isPrivate }) => isPrivate.ref);
  createNat(stack, {
    condition: options.hasNat,
    subnetId: subnets[0].isPublic.ref,
    routeTableId: privateRoutes.ref,
  });
  createEndpoints(stack, {
    condition: options.hasEndpoints,
    ...{ vpcId: vpc.ref, cidr, privateSubnetIds },
    routeTableId: privateRoutes.ref,
  });
  return {
    ...{ vpcId: vpc.ref, cidr, privateSubnetIds },
    zoneIds: subnets.map(({ isPrivate }) => isPrivate.attrAvailabilityZoneId),
  };
}

function createSubnet(
  stack: BlueprintStack,
  id: string,
  options: {
    vpcId: string;
    cidr: string;
    zone: Zone;
    index: number;
    routeTableId: string;
  },
): CfnSubnet {
  const { vpcId, cidr, zone, index, routeTableId } = options;
  const subnet = new CfnSubnet(stack, id, {
    vpcId,
    cidrBlock: Fn.select(index, Fn.cidr(cidr, 2 * ZONES, SUBNET_BITS)),
    ...zone,
    mapPublicIpOnLaunch: false,
    tags: named(stack, id),
  });
  if (zone.availabilityZoneId && zone.availabilityZone) {
    acknowledge(subnet, {
      'CloudFormation-Validate::F3020':
        'By one condition, one of both is no value.',
    });
  }
  new CfnSubnetRouteTableAssociation(stack, `${id}Routes`, {
    subnetId: subnet.ref,
    routeTableId,
  });
  return subnet;
}

/** One for the network: a second one costs as much again, and tasks outlive a zone without it. */
function createNat(
  stack: BlueprintStack,
  options: { condition: CfnCondition; subnetId: string; routeTableId: string },
): void {
  const { condition, subnetId, routeTableId } = options;
  const address = new CfnEIP(stack, 'NatAddress', { domain: 'vpc' });
  const nat = new CfnNatGateway(stack, 'NatGateway', {
    subnetId,
    allocationId: address.attrAllocationId,
  });
  const route = new CfnRoute(stack, 'NatRoute', {
    routeTableId,
    destinationCidrBlock: '0.0.0.0/0',
    natGatewayId: nat.ref,
  });
  for (const each of [address, nat, route])
    each.cfnOptions.condition = condition;
}

function createEndpoints(
  stack: BlueprintStack,
  options: Network & {
    condition: CfnCondition;
    routeTableId: string;
  },
): void {
  const { condition, vpcId, cidr, privateSubnetIds, routeTableId } = options;
  // Free, and objects and records do not pass the NAT gateway.
  for (const service of ['s3', 'dynamodb']) {
    new CfnVPCEndpoint(stack, `${toId(service)}Endpoint`, {
      vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.${service}`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routeTableId],
    });
  }
  const group = new CfnSecurityGroup(stack, 'EndpointSecurityGroup', {
    vpcId,
    groupDescription: 'Endpoints of AWS services, reached from the network',
    securityGroupIngress: [
      {
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        cidrIp: cidr,
        description: 'HTTPS from the network',
      },
    ],
  });
  group.cfnOptions.condition = condition;
  acknowledge(group, {
    'AwsSolutions-EC23':
      'The only addresses are those of the network, a parameter that the check cannot read.',
  });
  for (const service of INTERFACE_ENDPOINTS) {
    new CfnVPCEndpoint(stack, `${toId(service)}Endpoint`, {
      vpcId,
      serviceName: `com.amazonaws.${Aws.REGION}.${service}`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: privateSubnetIds,
      securityGroupIds: [group.attrGroupId],
    }).cfnOptions.condition = condition;
  }
}

/** `ecr.api` → `EcrApi`. */
function toId(service: string): string {
  return service
    .split(/[.-]/)
    .map(word => word[0].toUpperCase() + word.slice(1))
    .join('');
}
