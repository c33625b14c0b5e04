import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnVpcLink } from 'aws-cdk-lib/aws-apigatewayv2';
import type { BlueprintStack } from '../BlueprintStack';
import { HTTP_PORT } from './loadBalancer';
import type { Network } from './network';

/** What gateways reach load balancers of the network by; takes minutes to make, so it is shared. */
export function createVpcLink(
  stack: BlueprintStack,
  { vpcId, cidr, privateSubnetIds }: Network,
): { id: string; securityGroupId: string } {
  const group = new CfnSecurityGroup(stack, 'VpcLinkSecurityGroup', {
    vpcId,
    groupDescription: 'VPC link of API Gateway: to load balancers alone',
    securityGroupEgress: [
      {
        ipProtocol: 'tcp',
        fromPort: HTTP_PORT,
        toPort: HTTP_PORT,
        cidrIp: cidr,
        description: 'Load balancers of the network',
      },
    ],
  });
  const link = new CfnVpcLink(stack, 'VpcLink', {
    name: stack.stackName,
    subnetIds: privateSubnetIds,
    securityGroupIds: [group.attrGroupId],
  });
  return { id: link.ref, securityGroupId: group.attrGroupId };
}
