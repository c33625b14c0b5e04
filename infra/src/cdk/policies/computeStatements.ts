import { Aws } from 'aws-cdk-lib';
import { arn } from '../parts/arn';
import type { Statement } from '../parts/iam';

const partition = `arn:${Aws.PARTITION}`;

export const COMPUTE: Statement[] = [
  {
    Sid: 'Services',
    Action: [
      'ecs:CreateCluster',
      'ecs:CreateService',
      'ecs:DeleteCluster',
      'ecs:DeleteService',
      'ecs:DescribeCapacityProviders',
      'ecs:DescribeClusters',
      'ecs:DescribeServiceDeployments',
      'ecs:DescribeServices',
      'ecs:ListServiceDeployments',
      'ecs:ListTagsForResource',
      'ecs:PutClusterCapacityProviders',
      'ecs:StopServiceDeployment',
      'ecs:TagResource',
      'ecs:UntagResource',
      'ecs:UpdateCluster',
      'ecs:UpdateClusterSettings',
      'ecs:UpdateService',
    ],
    reason:
      'Names begin like that of the stack; the capacity is that of Fargate, spare or not.',
    Resource: [
      arn('ecs', 'capacity-provider/FARGATE*'),
      arn('ecs', 'cluster/genai-*'),
      arn('ecs', 'service/genai-*'),
      arn('ecs', 'service-deployment/genai-*'),
      arn('ecs', 'task-definition/genai-*'),
    ],
  },
  {
    Sid: 'TaskDefinitions',
    Action: [
      'ecs:DeregisterTaskDefinition',
      'ecs:DescribeTaskDefinition',
      'ecs:RegisterTaskDefinition',
    ],
    reason: 'The actions take no resource.',
    Resource: '*',
  },
  {
    Sid: 'Scaling',
    Action: [
      'application-autoscaling:DeleteScalingPolicy',
      'application-autoscaling:DeregisterScalableTarget',
      'application-autoscaling:ListTagsForResource',
      'application-autoscaling:PutScalingPolicy',
      'application-autoscaling:RegisterScalableTarget',
      'application-autoscaling:TagResource',
      'application-autoscaling:UntagResource',
    ],
    reason: 'Ids of scalable targets are chosen by AWS.',
    Resource: [arn('application-autoscaling', 'scalable-target/*')],
  },
  {
    Sid: 'DescribeScaling',
    Action: [
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScalingPolicies',
      'application-autoscaling:DescribeScheduledActions',
      'cloudwatch:GetMetricData',
    ],
    reason: 'Descriptions and metrics take no resource.',
    Resource: '*',
  },
];

export const OBSERVABILITY: Statement[] = [
  {
    Sid: 'Alarms',
    Action: [
      'cloudwatch:DeleteAlarms',
      'cloudwatch:ListTagsForResource',
      'cloudwatch:PutMetricAlarm',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
    Resource: [
      arn('cloudwatch', 'alarm:genai-*'),
      // A policy that follows a metric has alarms with names of its own, and whoever makes the
      // policy must be allowed to make them.
      arn('cloudwatch', 'alarm:TargetTracking-service/genai-*'),
    ],
  },
  {
    Sid: 'CompositeAlarms',
    Action: ['cloudwatch:DescribeAlarms', 'cloudwatch:PutCompositeAlarm'],
    reason: 'CloudWatch takes no resource for composite alarms.',
    Resource: '*',
  },
  {
    Sid: 'Dashboards',
    Action: [
      'cloudwatch:DeleteDashboards',
      'cloudwatch:GetDashboard',
      'cloudwatch:ListTagsForResource',
      'cloudwatch:PutDashboard',
      'cloudwatch:TagResource',
      'cloudwatch:UntagResource',
    ],
    Resource: [`${partition}:cloudwatch::${Aws.ACCOUNT_ID}:dashboard/genai-*`],
  },
  {
    Sid: 'Logs',
    Action: [
      'logs:AssociateKmsKey',
      'logs:CreateLogGroup',
      'logs:DeleteDataProtectionPolicy',
      'logs:DeleteLogGroup',
      'logs:DeleteRetentionPolicy',
      'logs:DescribeIndexPolicies',
      'logs:GetDataProtectionPolicy',
      'logs:ListTagsForResource',
      'logs:PutRetentionPolicy',
      'logs:TagResource',
      'logs:UntagResource',
    ],
    Resource: [arn('logs', 'log-group:/genai/*')],
  },
  {
    Sid: 'LogDeliveries',
    Action: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:UpdateLogDelivery',
    ],
    reason: 'Descriptions and deliveries of the gateway take no resource.',
    Resource: '*',
  },
];
