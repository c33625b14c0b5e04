import { Aws, CfnDeletionPolicy, type CfnResource, Fn } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { CfnRepository } from 'aws-cdk-lib/aws-ecr';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { BlueprintStack } from '../BlueprintStack';
import { createBucket } from '../parts/buckets';
import { createCluster } from '../parts/cluster';
import { createFoundationRoles } from '../parts/foundationRoles';
import { acknowledge, createRole } from '../parts/iam';
import { createLoadBalancer } from '../parts/loadBalancer';
import { createAccessLogBucket } from '../parts/accessLogBucket';
import { createFoundationNetwork } from '../parts/foundationNetwork';
import type { Network } from '../parts/network';
import { createVpcLink } from '../parts/vpcLink';
import { createWebAcl } from '../parts/webAcl';

const IMAGES_KEPT = 20;

/**
 * What the environments of an account and region share: the network, the link of the gateway
 * into it, what sandboxes run on, the bucket of templates, and the roles that make
 * environments. Small enough to be sent to CloudFormation without a bucket.
 */
export class AccountFoundation extends BlueprintStack {
  /** Who writes logs is asked whether it may before it begins. */
  private readonly logPolicy: CfnResource;

  constructor(scope: Construct) {
    super(scope, 'foundation', {
      description:
        'GenAI environments: what all environments of this account and region share',
    });
    const { bucket: logs, policy } = createAccessLogBucket(this);
    this.logPolicy = policy;
    const { bucket: templates } = createBucket(this, 'TemplateBucket', {
      accessLogBucket: logs.ref,
      isVersioned: true,
    });
    keep(logs, templates);
    const network = createFoundationNetwork(this, {
      logs,
      logPolicy: policy,
    });
    const link = createVpcLink(this, network);
    this.createSandboxGround({ network, link, logs });
    this.createRepository();
    createFoundationRoles(this, { templates, logs });
    this.createGatewayLogs();
    this.describe({ network, link, logs, templates });
  }

  /** What sandboxes have together instead of each for itself. */
  private createSandboxGround(options: {
    network: Network;
    link: { securityGroupId: string };
    logs: CfnBucket;
  }): void {
    const { network, link, logs } = options;
    const balancer = createLoadBalancer(this, {
      vpcId: network.vpcId,
      cidr: network.cidr,
      subnetIds: network.privateSubnetIds,
      vpcLinkSecurityGroupId: link.securityGroupId,
      accessLogBucket: logs.ref,
      waitsFor: [this.logPolicy],
    });
    const cluster = createCluster(this, {
      // No name of an environment has an underscore, so that no cluster of one is called this.
      name: 'genai-foundation_sandboxes',
    });
    const acl = createWebAcl(this);
    const outputs: Array<[string, string, string]> = [
      ['SandboxLoadBalancerArn', balancer.arn, 'Load balancer of sandboxes'],
      ['SandboxLoadBalancerDnsName', balancer.dnsName, 'Its name'],
      ['SandboxLoadBalancerFullName', balancer.fullName, 'Its metrics'],
      ['SandboxListenerArn', balancer.listenerArn, 'Where its rules are'],
      [
        'SandboxLoadBalancerSecurityGroupId',
        balancer.securityGroupId,
        'Its security group',
      ],
      ['SandboxClusterName', cluster.name, 'Cluster of sandboxes'],
      ['WebAclArn', acl.attrArn, 'In front of gateways'],
    ];
    for (const [name, value, description] of outputs) {
      this.output(name, { value, description });
    }
  }

  private createRepository(): void {
    const repository = new CfnRepository(this, 'RuntimeRepository', {
      repositoryName: 'genai-environment-runtime',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
      lifecyclePolicy: {
        lifecyclePolicyText: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: 'Untagged images of builds that were replaced',
              selection: {
                tagStatus: 'untagged',
                countType: 'imageCountMoreThan',
                countNumber: IMAGES_KEPT,
              },
              action: { type: 'expire' },
            },
          ],
        }),
      },
    });
    this.output('RuntimeRepositoryUri', {
      value: repository.attrRepositoryUri,
      description: 'Where images of the runtime are pushed',
    });
  }

  /** Without it no gateway of the account and region can write logs. */
  private createGatewayLogs(): void {
    const policy = 'service-role/AmazonAPIGatewayPushToCloudWatchLogs';
    const role = createRole(this, 'GatewayLogRole', {
      description: 'API Gateway writes its logs',
      principal: 'apigateway.amazonaws.com',
      statements: [],
      managedPolicyArns: [`arn:${Aws.PARTITION}:iam::aws:policy/${policy}`],
    });
    const account = new CfnAccount(this, 'GatewayAccount', {
      cloudWatchRoleArn: role.attrArn,
    });
    // It is a setting of the account: deleting the stack must not silence other gateways.
    keep(account, role);
    acknowledge(role, {
      [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`]:
        'The policy that AWS keeps for this purpose; it allows writing logs and nothing else.',
    });
  }

  private describe(options: {
    network: Network;
    link: { id: string; securityGroupId: string };
    logs: CfnBucket;
    templates: CfnBucket;
  }): void {
    const { network, link, logs, templates } = options;
    const outputs: Array<[string, string, string]> = [
      ['VpcId', network.vpcId, 'Network of environments'],
      ['VpcCidr', network.cidr, 'Its addresses'],
      [
        'PrivateSubnetIds',
        Fn.join(',', network.privateSubnetIds),
        'Where everything runs',
      ],
      ['VpcLinkId', link.id, 'Link of gateways into the network'],
      ['VpcLinkSecurityGroupId', link.securityGroupId, 'Its security group'],
      ['AccessLogBucketName', logs.ref, 'Who asked for what'],
      ['TemplateBucketName', templates.ref, 'Where templates are put'],
    ];
    for (const [name, value, description] of outputs) {
      this.output(name, { value, description });
    }
  }
}

/** They outlive the stack; an administrator deletes them. */
function keep(...resources: CfnResource[]): void {
  for (const { cfnOptions } of resources) {
    cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  }
}
