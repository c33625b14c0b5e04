import { Fn } from 'aws-cdk-lib';
import type { BlueprintTier, VectorStore } from '../../manifest/manifest';
import type { BlueprintStack } from '../BlueprintStack';
import { type Task, TASKS } from '../tasks';
import { QUEUES, type QueueName } from './data';
import { toId } from './logs';

type QueueValues = {
  url: string;
  name: string;
  deadUrl: string;
  deadName: string;
};

/** What the services of an environment are told of what it keeps and where it stands. */
export type CoreValues = ReturnType<typeof readCore>;

/** Declares the parameters that copy outputs of the core and of the foundation. */
export function readCore(
  stack: BlueprintStack,
  options: { tier: BlueprintTier; vectorStore: VectorStore },
) {
  const { tier, vectorStore } = options;
  const core = (name: string, description: string) =>
    stack.copied(name, { stack: 'core', description }).valueAsString;
  const foundation = (name: string, description: string, output = name) =>
    stack.copied(name, { stack: 'foundation', description, output })
      .valueAsString;
  return {
    ...(tier === 'sandbox'
      ? sharedGround(stack, foundation)
      : ownGround(stack, core)),
    ...(vectorStore === 's3-vectors'
      ? {
          vectorBucketName: core('VectorBucketName', 'Where vectors are kept'),
        }
      : {
          collectionEndpoint: core('CollectionEndpoint', 'Where vectors are'),
        }),
    queues: readQueues(core),
    publicUrl: core('ApiEndpoint', 'Address of the API'),
    apiName: core('ApiName', 'Metrics of the API'),
    tokenUrl: core('TokenUrl', 'Where applications get tokens'),
    userPoolId: core('UserPoolId', 'Applications'),
    tableName: core('TableName', 'Records of all services'),
    bucketName: core('BucketName', 'Uploads and artefacts'),
    appSecretArn: core('AppSecretArn', 'Client of the app'),
    controlSecretArn: core('ControlSecretArn', 'Key of the portal'),
    executionRoleArn: core(
      'ExecutionRoleArn',
      'Role by which ECS starts tasks',
    ),
    taskRoleArn: readRoles(core, tier),
  };
}

type Read = (name: string, description: string, output?: string) => string;

function readRoles(core: Read, tier: BlueprintTier): (task: Task) => string {
  const arns = new Map(
    TASKS[tier].map(({ name }) => [
      name,
      core(`${toId(name)}RoleArn`, `Role of tasks of ${name}`),
    ]),
  );
  return ({ name }) => arns.get(name)!;
}

function readQueues(core: Read): Record<QueueName, QueueValues> {
  const entries = QUEUES.map(name => {
    const url = core(`Queue${name}Url`, `Work of ${name.toLowerCase()}`);
    const deadUrl = core(`DeadLetterQueue${name}Url`, 'What was given up');
    const values: QueueValues = {
      ...{ url, deadUrl },
      name: nameOf(url),
      deadName: nameOf(deadUrl),
    };
    return [name, values] as const;
  });
  return Object.fromEntries(entries) as Record<QueueName, QueueValues>;
}

/** Of a queue, by which it is measured. */
function nameOf(url: string): string {
  return Fn.select(4, Fn.split('/', url));
}

function sharedGround(stack: BlueprintStack, foundation: Read) {
  return {
    vpcId: foundation('VpcId', 'Network of environments'),
    subnetIds: subnets(stack, 'foundation'),
    clusterName: foundation(
      'ClusterName',
      'Cluster of sandboxes',
      'SandboxClusterName',
    ),
    listenerArn: foundation(
      'ListenerArn',
      'Where rules of sandboxes are',
      'SandboxListenerArn',
    ),
    loadBalancerFullName: foundation(
      'LoadBalancerFullName',
      'Metrics of the load balancer',
      'SandboxLoadBalancerFullName',
    ),
    loadBalancerSecurityGroupId: foundation(
      'LoadBalancerSecurityGroupId',
      'Its security group',
      'SandboxLoadBalancerSecurityGroupId',
    ),
  };
}

function ownGround(stack: BlueprintStack, core: Read) {
  return {
    vpcId: core('VpcId', 'Network'),
    subnetIds: subnets(stack, 'core'),
    clusterName: undefined,
    listenerArn: core('ListenerArn', 'Where rules of the load balancer are'),
    loadBalancerFullName: core('LoadBalancerFullName', 'Its metrics'),
    loadBalancerSecurityGroupId: core(
      'LoadBalancerSecurityGroupId',
      'Its security group',
    ),
  };
}

function subnets(stack: BlueprintStack, from: 'foundation' | 'core'): string[] {
  return stack.copied('PrivateSubnetIds', {
    stack: from,
    description: 'Where everything runs',
    type: 'CommaDelimitedList',
  }).valueAsList;
}
