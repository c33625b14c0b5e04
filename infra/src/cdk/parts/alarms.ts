import type { CfnCondition } from 'aws-cdk-lib';
import { Fn } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnService } from 'aws-cdk-lib/aws-ecs';
import type { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { STAGE } from '../api/createApiBody';
import type { BlueprintStack } from '../BlueprintStack';
import type { CoreValues } from './coreValues';
import { QUEUES } from './data';
import { acknowledge } from './iam';

const FIVE_MINUTES_SECONDS = 300;

/** Where alarms are told of, when anybody is to be told. */
export type Notice = { condition: CfnCondition; topicArn: string };

type AlarmOptions = {
  description: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  statistic?: 'Sum' | 'Maximum' | 'Average';
  threshold: number;
  /** By default it rings at the threshold and above, and not while nothing is reported. */
  ringsBelow?: boolean;
  periods?: number;
  condition?: CfnCondition;
};

/** What somebody has to look after; each says what to do. */
export function createAlarms(
  stack: BlueprintStack,
  options: { core: CoreValues; notice: Notice },
): CfnAlarm[] {
  const { core, notice } = options;
  const apiErrors = createAlarm(stack, 'ApiErrorsAlarm', notice, {
    description:
      'The API answered 5xx more than ten times in five minutes. Look at the logs of the services, and at the health of each in the portal.',
    namespace: 'AWS/ApiGateway',
    metricName: '5XXError',
    dimensions: { ApiName: core.apiName, Stage: STAGE },
    threshold: 10,
  });
  const tableErrors = createAlarm(stack, 'TableErrorsAlarm', notice, {
    description:
      'DynamoDB refused requests for capacity. One application or one key is asked for too often: see usage in the portal.',
    namespace: 'AWS/DynamoDB',
    metricName: 'ThrottledRequests',
    dimensions: { TableName: core.tableName },
    threshold: 50,
  });
  const deadLetters = QUEUES.map(name =>
    createAlarm(stack, `DeadLetters${name}Alarm`, notice, {
      description: `Work of ${name.toLowerCase()} was given up. The status of the job says why; start it again when that is mended.`,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: core.queues[name].deadName },
      statistic: 'Maximum',
      threshold: 1,
    }),
  );
  return [apiErrors, tableErrors, ...deadLetters];
}

/**
 * The one alarm of an environment that the portal asks for: it rings while any of `alarms`
 * does. It tells nobody, because each of them does.
 */
export function createSummaryAlarm(
  stack: BlueprintStack,
  alarms: CfnAlarm[],
): void {
  new CfnCompositeAlarm(stack, 'SummaryAlarm', {
    alarmDescription:
      'Something in the environment needs looking after: the alarms below say what.',
    alarmRule: Fn.join(' OR ', alarms.map(rings)),
  });
}

/** An alarm that is not made never rings. */
function rings(alarm: CfnAlarm): string {
  const expression = Fn.join('', ['ALARM("', alarm.ref, '")']);
  const { condition } = alarm.cfnOptions;
  if (!condition) return expression;
  return Fn.conditionIf(condition.logicalId, expression, 'FALSE').toString();
}

/**
 * That fewer tasks of a service answer than were asked for, whatever became of them: a target
 * group that has none reports nothing, so that nothing rings, too. It is made after the service
 * is stable, and deleted before it, lest each waking and each hibernating be told.
 */
export function createHealthAlarm(
  stack: BlueprintStack,
  options: {
    id: string;
    name: string;
    core: CoreValues;
    notice: Notice;
    service: CfnService;
    targetGroup: CfnTargetGroup;
    /** That run at least; one or more. */
    minTasks: number;
    condition?: CfnCondition;
  },
): CfnAlarm {
  const { id, name, core, notice, targetGroup, condition } = options;
  const alarm = createAlarm(stack, `${id}HealthAlarm`, notice, {
    description: `Fewer tasks of ${name} answer than were asked for, or none. The portal shows why they stopped; their log group ends with /${name}.`,
    namespace: 'AWS/ApplicationELB',
    metricName: 'HealthyHostCount',
    dimensions: {
      LoadBalancer: core.loadBalancerFullName,
      TargetGroup: targetGroup.attrTargetGroupFullName,
    },
    statistic: 'Maximum',
    threshold: options.minTasks,
    ringsBelow: true,
    periods: 2,
    condition,
  });
  alarm.addResourceDependency(options.service);
  return alarm;
}

function createAlarm(
  stack: BlueprintStack,
  id: string,
  notice: Notice,
  options: AlarmOptions,
): CfnAlarm {
  const { statistic = 'Sum', periods = 1, dimensions, ringsBelow } = options;
  const actions = Fn.conditionIf(
    notice.condition.logicalId,
    [notice.topicArn],
    [],
  ) as unknown as string[];
  const alarm = new CfnAlarm(stack, id, {
    alarmDescription: options.description,
    namespace: options.namespace,
    metricName: options.metricName,
    dimensions: Object.entries(dimensions).map(([name, value]) => ({
      name,
      value,
    })),
    statistic,
    period: FIVE_MINUTES_SECONDS,
    evaluationPeriods: periods,
    comparisonOperator: ringsBelow
      ? 'LessThanThreshold'
      : 'GreaterThanOrEqualToThreshold',
    threshold: options.threshold,
    treatMissingData: ringsBelow ? 'breaching' : 'notBreaching',
  });
  alarm.addPropertyOverride('AlarmActions', actions);
  alarm.addPropertyOverride('OKActions', actions);
  alarm.cfnOptions.condition = options.condition;
  acknowledge(alarm, {
    'CloudFormation-Validate::W1030':
      'The condition takes the topic only where one is given.',
  });
  return alarm;
}
