import type { CfnCondition } from 'aws-cdk-lib';
import { CfnService, type CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import {
  CfnListenerRule,
  CfnTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { STAGE, TARGET_HEADER } from '../api/createApiBody';
import type { BlueprintStack } from '../BlueprintStack';
import type { Task } from '../tasks';
import { TASK_PORT } from './loadBalancer';
import { toId } from './logs';

/** How long a new task may take until it answers, image and start. */
const GRACE_SECONDS = 60;
/** Streams may go on while a task is drained; the runtime gives them five seconds itself. */
const DRAIN_SECONDS = 15;

export type EcsServiceOptions = {
  task: Task;
  /** Of the ECS service. */
  name: string;
  /** The same, with `{name}` for the environment's. */
  nameInManifest: string;
  clusterName: string;
  definition: CfnTaskDefinition;
  subnetIds: string[];
  securityGroupId: string;
  condition?: CfnCondition;
  /** Absent: nobody calls it. */
  reach?: Reach;
};

/** How requests find a service. */
export type Reach = {
  vpcId: string;
  listenerArn: string;
  /** Value of the header that the gateway sets. */
  target: string;
  priority: number;
  healthPath: string;
};

/** A service of ECS whose failed deployments go back to what ran before. */
export function createEcsService(
  stack: BlueprintStack,
  options: EcsServiceOptions,
): { service: CfnService; targetGroup?: CfnTargetGroup } {
  const { task, reach, condition } = options;
  const id = toId(task.name);
  const route = reach && createRoute(stack, id, { ...reach, condition });
  const service = new CfnService(stack, `${id}Service`, {
    serviceName: options.name,
    cluster: options.clusterName,
    taskDefinition: options.definition.ref,
    // Given, it would undo at each update what scaling decided; without it there is one.
    desiredCount: task.scalesToZero ? 0 : undefined,
    capacityProviderStrategy: [
      {
        capacityProvider: task.isSpot ? 'FARGATE_SPOT' : 'FARGATE',
        weight: 1,
      },
    ],
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // A new task answers before the old one is told to stop.
      minimumHealthyPercent: 100,
      maximumPercent: 200,
    },
    healthCheckGracePeriodSeconds: reach ? GRACE_SECONDS : undefined,
    networkConfiguration: {
      awsvpcConfiguration: {
        assignPublicIp: 'DISABLED',
        subnets: options.subnetIds,
        securityGroups: [options.securityGroupId],
      },
    },
    loadBalancers: route && [
      {
        containerName: task.kind === 'app' ? 'app' : 'runtime',
        containerPort: TASK_PORT,
        targetGroupArn: route.targetGroup.ref,
      },
    ],
    enableEcsManagedTags: true,
    propagateTags: 'SERVICE',
    enableExecuteCommand: false,
  });
  // Before a rule leads to it, a target group has no load balancer, which ECS refuses.
  if (route) service.addResourceDependency(route.rule);
  service.cfnOptions.condition = condition;
  stack.ecsServices.push({
    logicalId: `${id}Service`,
    name: options.nameInManifest,
    hosts: task.hosts,
    workers: task.workers,
  });
  return { service, targetGroup: route?.targetGroup };
}

function createRoute(
  stack: BlueprintStack,
  id: string,
  options: Reach & { condition?: CfnCondition },
): { targetGroup: CfnTargetGroup; rule: CfnListenerRule } {
  const { vpcId, listenerArn, target, priority, condition } = options;
  const targetGroup = new CfnTargetGroup(stack, `${id}TargetGroup`, {
    vpcId,
    targetType: 'ip',
    port: TASK_PORT,
    protocol: 'HTTP',
    healthCheckPath: options.healthPath,
    healthCheckIntervalSeconds: 5,
    healthCheckTimeoutSeconds: 4,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: 10,
    // 503: something that the service needs is gone, which a new task would not mend.
    matcher: { httpCode: '200,503' },
    targetGroupAttributes: [
      {
        key: 'deregistration_delay.timeout_seconds',
        value: `${DRAIN_SECONDS}`,
      },
    ],
  });
  const rule = new CfnListenerRule(stack, `${id}Rule`, {
    listenerArn,
    priority,
    conditions: [
      {
        field: 'http-header',
        httpHeaderConfig: { httpHeaderName: TARGET_HEADER, values: [target] },
      },
    ],
    actions: [{ type: 'forward', targetGroupArn: targetGroup.ref }],
    // The gateway may put its stage in front of the path.
    transforms: [
      {
        type: 'url-rewrite',
        urlRewriteConfig: {
          rewrites: [{ regex: `^/${STAGE}(/|$)(.*)$`, replace: '/$2' }],
        },
      },
    ],
  });
  targetGroup.cfnOptions.condition = condition;
  rule.cfnOptions.condition = condition;
  return { targetGroup, rule };
}
