import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { Resource } from '../cloudformation/Stack';
import type { Operation } from '../cloudformation/api';

const MAX_SERVICES = 10;

/** The operations of ECS that the provisioner calls. Test code. */
export const ecs: Record<string, Operation> = {
  DescribeServices(region, { cluster, services }) {
    if (services.length > MAX_SERVICES) throw new Error('Too many services');
    const found = region
      .ofType('AWS::ECS::Service')
      .filter(resource => clusterOf(resource) === nameOf(cluster));
    const known = services.map((name: string) => ({
      name,
      resource: found.find(item => nameOf(item.physicalId) === nameOf(name)),
    }));
    const inactive = [...region.lingering].filter(({ type, physicalId }) =>
      type === 'AWS::ECS::Service' ? services.includes(physicalId) : false,
    );
    return {
      services: [
        ...known
          .filter(({ resource }: any) => resource)
          .map(({ resource }: any) => describe(region, resource)),
        ...inactive.map(({ physicalId }) => ({
          ...{ serviceArn: physicalId, serviceName: nameOf(physicalId) },
          status: 'INACTIVE',
        })),
      ],
      failures: known
        .filter(({ resource }: any) => !resource)
        .map(({ name }: any) => ({ arn: name, reason: 'MISSING' })),
    };
  },
  DescribeClusters(region, { clusters }) {
    const named = ({ type, physicalId }: Resource) =>
      type === 'AWS::ECS::Cluster' &&
      clusters.some((name: string) => nameOf(name) === physicalId);
    const living = region.ofType('AWS::ECS::Cluster').filter(named);
    const inactive = [...region.lingering].filter(named);
    return {
      clusters: [
        ...living.map(() => ({ status: 'ACTIVE' })),
        ...inactive.map(() => ({ status: 'INACTIVE' })),
      ],
    };
  },
  DescribeTaskDefinition(region, { taskDefinition }) {
    if (region.find('AWS::ECS::TaskDefinition', taskDefinition)) {
      return { taskDefinition: { status: 'ACTIVE' } };
    }
    const isKept = [...region.lingering].some(
      ({ physicalId }) => physicalId === taskDefinition,
    );
    if (isKept) return { taskDefinition: { status: 'INACTIVE' } };
    throw new AwsError(
      'ClientException',
      'Unable to describe task definition.',
    );
  },
  ListTasks(region, { cluster, serviceName }) {
    const service = region
      .ofType('AWS::ECS::Service')
      .find(
        item =>
          clusterOf(item) === nameOf(cluster) &&
          nameOf(item.physicalId) === nameOf(serviceName),
      );
    const reason = service && region.running.get(service.physicalId)?.reason;
    return { taskArns: reason ? [`${service.physicalId}/task`] : [] };
  },
  DescribeTasks(region, { tasks }) {
    return {
      tasks: tasks.map((arn: string) => ({
        taskArn: arn,
        lastStatus: 'STOPPED',
        stoppedReason: region.running.get(arn.replace(/\/task$/, ''))?.reason,
      })),
    };
  },
};

function describe(region: Region, resource: Resource) {
  const { physicalId, properties } = resource;
  const desiredCount = Math.max(
    Number(properties.DesiredCount ?? 1),
    leastTasks(region, resource),
  );
  const { count: runningCount = desiredCount, isRolledOut = false } =
    region.running.get(physicalId) ?? {};
  return {
    serviceArn: physicalId,
    serviceName: nameOf(physicalId),
    status: 'ACTIVE',
    desiredCount,
    runningCount,
    pendingCount: Math.max(0, desiredCount - runningCount),
    deployments: [
      {
        id: 'ecs-svc/1',
        status: 'PRIMARY',
        rolloutState:
          isRolledOut || runningCount >= desiredCount
            ? 'COMPLETED'
            : 'IN_PROGRESS',
        desiredCount,
        runningCount,
        createdAt: new Date(resource.changedAt ?? 0),
        updatedAt: new Date(resource.changedAt ?? 0),
      },
    ],
    events: [],
  };
}

/** Auto Scaling raises what is below its minimum as soon as it learns of it. */
function leastTasks(region: Region, service: Resource): number {
  const id = `service/${clusterOf(service)}/${nameOf(service.physicalId)}`;
  const targets = region
    .ofType('AWS::ApplicationAutoScaling::ScalableTarget')
    .filter(({ properties }) => properties.ResourceId === id);
  return Math.max(
    0,
    ...targets.map(each => Number(each.properties.MinCapacity)),
  );
}

function clusterOf({ properties }: Resource): string {
  return nameOf(String(properties.Cluster ?? 'default'));
}

function nameOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1)!;
}
