import {
  CfnCluster,
  CfnClusterCapacityProviderAssociations,
} from 'aws-cdk-lib/aws-ecs';
import type { BlueprintStack } from '../BlueprintStack';
import { acknowledge } from './iam';

export type Cluster = {
  name: string;
  /** Services that use spare capacity wait for it. */
  capacity: CfnClusterCapacityProviderAssociations;
};

/** A cluster of Fargate tasks, of spare capacity too. */
export function createCluster(
  stack: BlueprintStack,
  options: { name: string },
): Cluster {
  const cluster = new CfnCluster(stack, 'Cluster', {
    clusterName: options.name,
    clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
  });
  const capacity = new CfnClusterCapacityProviderAssociations(
    stack,
    'ClusterCapacity',
    {
      cluster: cluster.ref,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 1 },
      ],
    },
  );
  acknowledge(cluster, {
    'AwsSolutions-ECS4':
      'Container Insights would cost more than an idle environment; health, load and queues are measured by the load balancer, ECS and SQS.',
  });
  return { name: cluster.ref, capacity };
}
