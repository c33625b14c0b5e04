import { Aws, Fn } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { STAGE } from '../api/createApiBody';
import type { BlueprintStack } from '../BlueprintStack';
import type { CoreValues } from './coreValues';
import { QUEUES } from './data';

const MINUTE_SECONDS = 60;
const WIDTH = 12;
const HEIGHT = 6;

type Widget = { title: string; metrics: unknown[][]; stat: string };

/** How an environment is, at a glance: calls, tasks, queues and records. */
export function createDashboard(
  stack: BlueprintStack,
  options: {
    environmentName: string;
    core: CoreValues;
    clusterName: string;
    serviceNames: string[];
  },
): void {
  const { environmentName, core, clusterName, serviceNames } = options;
  const api = ['ApiName', core.apiName, 'Stage', STAGE];
  const widgets: Widget[] = [
    {
      title: 'Requests and errors',
      stat: 'Sum',
      metrics: ['Count', '4XXError', '5XXError'].map(name => [
        'AWS/ApiGateway',
        name,
        ...api,
      ]),
    },
    {
      title: 'Time to answer, 95th percentile',
      stat: 'p95',
      metrics: ['Latency', 'IntegrationLatency'].map(name => [
        'AWS/ApiGateway',
        name,
        ...api,
      ]),
    },
    {
      title: 'Processor of tasks',
      stat: 'Average',
      metrics: serviceNames.map(name => ecsMetric('CPUUtilization', name)),
    },
    {
      title: 'Memory of tasks',
      stat: 'Maximum',
      metrics: serviceNames.map(name => ecsMetric('MemoryUtilization', name)),
    },
    {
      title: 'Work that waits, and work that was given up',
      stat: 'Maximum',
      metrics: QUEUES.flatMap(name =>
        [core.queues[name].name, core.queues[name].deadName].map(queue => [
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          'QueueName',
          queue,
        ]),
      ),
    },
    {
      title: 'Records: capacity used',
      stat: 'Sum',
      metrics: ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'].map(
        name => ['AWS/DynamoDB', name, 'TableName', core.tableName],
      ),
    },
  ];
  new CfnDashboard(stack, 'Dashboard', {
    dashboardName: Fn.join('-', ['genai', environmentName]),
    dashboardBody: stack.toJsonString({ widgets: widgets.map(toWidget) }),
  });

  function ecsMetric(metricName: string, serviceName: string): unknown[] {
    return [
      'AWS/ECS',
      metricName,
      ...['ClusterName', clusterName, 'ServiceName', serviceName],
    ];
  }
}

function toWidget({ title, metrics, stat }: Widget, index: number): object {
  return {
    type: 'metric',
    x: (index % 2) * WIDTH,
    y: Math.floor(index / 2) * HEIGHT,
    width: WIDTH,
    height: HEIGHT,
    properties: {
      title,
      metrics,
      stat,
      period: MINUTE_SECONDS,
      region: Aws.REGION,
      view: 'timeSeries',
    },
  };
}
