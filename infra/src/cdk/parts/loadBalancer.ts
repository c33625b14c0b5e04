import type { CfnCondition, CfnResource } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import {
  CfnListener,
  CfnLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledge } from './iam';

export const HTTP_PORT = 80;
/** Where containers listen. */
export const TASK_PORT = 8080;
/** Longer than the longest silence of a stream that the gateway allows. */
const IDLE_TIMEOUT_SECONDS = 310;

export type LoadBalancer = {
  arn: string;
  dnsName: string;
  fullName: string;
  listenerArn: string;
  securityGroupId: string;
};

/**
 * A load balancer inside the network that only the VPC link reaches. What no rule takes is
 * answered with 503.
 */
export function createLoadBalancer(
  stack: BlueprintStack,
  options: {
    vpcId: string;
    /** Addresses of the network. */
    cidr: string;
    subnetIds: string[];
    vpcLinkSecurityGroupId: string;
    accessLogBucket: string;
    /** What must be there before it writes logs. */
    waitsFor?: CfnResource[];
    condition?: CfnCondition;
  },
): LoadBalancer {
  const { vpcId, cidr, subnetIds, vpcLinkSecurityGroupId, condition } = options;
  const group = new CfnSecurityGroup(stack, 'LoadBalancerSecurityGroup', {
    vpcId,
    groupDescription: 'Load balancer: from the VPC link alone',
    securityGroupEgress: [
      {
        ipProtocol: 'tcp',
        fromPort: TASK_PORT,
        toPort: TASK_PORT,
        cidrIp: cidr,
        description: 'Tasks of the network',
      },
    ],
  });
  new CfnSecurityGroupIngress(stack, 'LoadBalancerFromLink', {
    groupId: group.attrGroupId,
    ipProtocol: 'tcp',
    fromPort: HTTP_PORT,
    toPort: HTTP_PORT,
    sourceSecurityGroupId: vpcLinkSecurityGroupId,
    description: 'Requests of the gateway',
  });
  const balancer = new CfnLoadBalancer(stack, 'LoadBalancer', {
    type: 'application',
    scheme: 'internal',
    ipAddressType: 'ipv4',
    subnets: subnetIds,
    securityGroups: [group.attrGroupId],
    loadBalancerAttributes: [
      { key: 'access_logs.s3.enabled', value: 'true' },
      { key: 'access_logs.s3.bucket', value: options.accessLogBucket },
      { key: 'access_logs.s3.prefix', value: 'alb' },
      { key: 'idle_timeout.timeout_seconds', value: `${IDLE_TIMEOUT_SECONDS}` },
      { key: 'routing.http.drop_invalid_header_fields.enabled', value: 'true' },
    ],
  });
  const listener = new CfnListener(stack, 'Listener', {
    loadBalancerArn: balancer.ref,
    port: HTTP_PORT,
    protocol: 'HTTP',
    defaultActions: [
      {
        type: 'fixed-response',
        fixedResponseConfig: {
          statusCode: '503',
          contentType: 'application/json',
          messageBody: JSON.stringify({
            type: 'about:blank',
            title: 'Service Unavailable',
            status: 503,
            code: 'service_not_running',
            detail: 'This environment does not run the service just now.',
          }),
        },
      },
    ],
  });
  for (const each of options.waitsFor ?? []) {
    balancer.addResourceDependency(each);
  }
  balancer.cfnOptions.condition = condition;
  listener.cfnOptions.condition = condition;
  acknowledge(listener, {
    'CloudFormation-Validate::W3055':
      'Plain HTTP inside the network, between the VPC link and the load balancer.',
  });
  return {
    arn: balancer.ref,
    dnsName: balancer.attrDnsName,
    fullName: balancer.attrLoadBalancerFullName,
    listenerArn: listener.ref,
    securityGroupId: group.attrGroupId,
  };
}
