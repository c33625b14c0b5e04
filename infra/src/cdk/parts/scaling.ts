import type { CfnCondition } from 'aws-cdk-lib';
import {
  CfnScalableTarget,
  CfnScalingPolicy,
} from 'aws-cdk-lib/aws-applicationautoscaling';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { Fn } from 'aws-cdk-lib';
import type { BlueprintStack } from '../BlueprintStack';

/** Of a processor; beyond it another task is started. */
const CPU_TARGET_PERCENT = 60;
/** Minutes without work until the last worker is stopped. */
const IDLE_MINUTES = 10;
const MINUTE_SECONDS = 60;

type ScalingOptions = {
  /** Of logical ids. */
  id: string;
  service: CfnService;
  clusterName: string;
  maxTasks: number;
  condition?: CfnCondition;
};

/** As many tasks as were asked for, no more and no less. */
export function scaleByWish(
  stack: BlueprintStack,
  options: Omit<ScalingOptions, 'maxTasks'> & { tasks: number },
): void {
  const { tasks } = options;
  createTarget(stack, { ...options, minTasks: tasks, maxTasks: tasks });
}

/**
 * More tasks when those that run are busy, and never less than `minTasks`: where there are
 * fewer, Application Auto Scaling starts the rest as soon as it learns of another minimum.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export function scaleByLoad(
  stack: BlueprintStack,
  options: ScalingOptions & { minTasks: number },
): void {
  const target = createTarget(stack, options);
  const policy = new CfnScalingPolicy(stack, `${options.id}ScalingPolicy`, {
    policyName: `${options.id}Load`,
    policyType: 'TargetTrackingScaling',
    scalingTargetId: target.ref,
    targetTrackingScalingPolicyConfiguration: {
      targetValue: CPU_TARGET_PERCENT,
      scaleOutCooldown: 30,
      scaleInCooldown: 300,
      predefinedMetricSpecification: {
        predefinedMetricType: 'ECSServiceAverageCPUUtilization',
      },
    },
  });
  policy.cfnOptions.condition = options.condition;
}

/** A worker when there is work, more when there is much, and none after a while without. */
export function scaleByQueues(
  stack: BlueprintStack,
  options: ScalingOptions & { queueNames: string[] },
): void {
  const { id, condition } = options;
  const target = createTarget(stack, { ...options, minTasks: 0 });
  const up = new CfnScalingPolicy(stack, `${id}ScaleUp`, {
    policyName: `${id}Work`,
    policyType: 'StepScaling',
    scalingTargetId: target.ref,
    stepScalingPolicyConfiguration: {
      adjustmentType: 'ExactCapacity',
      metricAggregationType: 'Maximum',
      cooldown: MINUTE_SECONDS,
      stepAdjustments: [
        step(1, { from: 0, to: 99 }),
        step(2, { from: 99, to: 999 }),
        step(4, { from: 999 }),
      ],
    },
  });
  const down = new CfnScalingPolicy(stack, `${id}ScaleDown`, {
    policyName: `${id}Idle`,
    policyType: 'StepScaling',
    scalingTargetId: target.ref,
    stepScalingPolicyConfiguration: {
      adjustmentType: 'ExactCapacity',
      metricAggregationType: 'Maximum',
      cooldown: MINUTE_SECONDS,
      stepAdjustments: [step(0, { to: 0 })],
    },
  });
  const alarms = [
    createWorkAlarm(stack, `${id}WorkAlarm`, {
      queueNames: options.queueNames,
      description: 'There is work: starts workers. No cause for concern.',
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      minutes: 1,
      policyArn: up.ref,
    }),
    createWorkAlarm(stack, `${id}IdleAlarm`, {
      queueNames: options.queueNames,
      description: 'There is no work: stops workers. No cause for concern.',
      comparisonOperator: 'LessThanOrEqualToThreshold',
      threshold: 0,
      minutes: IDLE_MINUTES,
      policyArn: down.ref,
    }),
  ];
  for (const each of [up, down, ...alarms]) {
    each.cfnOptions.condition = condition;
  }
}

/** Bounds count from the threshold of the alarm that calls the policy. */
function step(
  tasks: number,
  { from, to }: { from?: number; to?: number },
): CfnScalingPolicy.StepAdjustmentProperty {
  return {
    scalingAdjustment: tasks,
    metricIntervalLowerBound: from,
    metricIntervalUpperBound: to,
  };
}

function createTarget(
  stack: BlueprintStack,
  options: ScalingOptions & { minTasks: number },
): CfnScalableTarget {
  const { id, service, clusterName, minTasks, maxTasks } = options;
  const target = new CfnScalableTarget(stack, `${id}Scaling`, {
    serviceNamespace: 'ecs',
    scalableDimension: 'ecs:service:DesiredCount',
    resourceId: Fn.join('/', ['service', clusterName, service.attrName]),
    minCapacity: minTasks,
    maxCapacity: maxTasks,
  });
  target.cfnOptions.condition = options.condition;
  return target;
}

function createWorkAlarm(
  stack: BlueprintStack,
  id: string,
  options: {
    queueNames: string[];
    description: string;
    comparisonOperator: string;
    threshold: number;
    minutes: number;
    policyArn: string;
  },
): CfnAlarm {
  const { queueNames, minutes } = options;
  // What is worked on counts, too: a worker must not be stopped in the middle.
  const metrics = queueNames.flatMap((queueName, index) =>
    [
      ['v', 'ApproximateNumberOfMessagesVisible'],
      ['w', 'ApproximateNumberOfMessagesNotVisible'],
    ].map(([prefix, metricName]) => ({
      id: `${prefix}${index}`,
      returnData: false,
      metricStat: {
        period: MINUTE_SECONDS,
        stat: 'Maximum',
        metric: {
          namespace: 'AWS/SQS',
          metricName,
          dimensions: [{ name: 'QueueName', value: queueName }],
        },
      },
    })),
  );
  return new CfnAlarm(stack, id, {
    alarmDescription: options.description,
    comparisonOperator: options.comparisonOperator,
    threshold: options.threshold,
    evaluationPeriods: minutes,
    datapointsToAlarm: minutes,
    treatMissingData: 'notBreaching',
    alarmActions: [options.policyArn],
    metrics: [
      {
        id: 'work',
        label: 'Messages waiting or worked on',
        returnData: true,
        expression: metrics.map(each => `FILL(${each.id}, 0)`).join(' + '),
      },
      ...metrics,
    ],
  });
}
