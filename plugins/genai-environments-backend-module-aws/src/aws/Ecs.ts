import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { hasCode, isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';

/** An ECS service as it runs. */
export type RunningService = {
  name: string;
  desired: number;
  running: number;
  rollout: 'COMPLETED' | 'IN_PROGRESS' | 'FAILED';
  rolloutReason?: string;
  /** When its current deployment began, epoch milliseconds. */
  startedAt?: number;
};

/** More are refused by ECS. */
const MAX_PER_CALL = 10;
/** Statuses of what was deleted, stopped or deregistered. */
const GONE = new Set(['INACTIVE', 'DELETE_IN_PROGRESS', 'STOPPED', 'DELETED']);

/** ECS, read only. All methods throw AwsCallError. */
export class Ecs {
  constructor(
    private readonly client: Clients['ecs'],
    private readonly caller: Caller,
  ) {}

  /** Services that do not exist are left out. */
  async describe(cluster: string, names: string[]): Promise<RunningService[]> {
    const found: RunningService[] = [];
    for (let start = 0; start < names.length; start += MAX_PER_CALL) {
      const services = names.slice(start, start + MAX_PER_CALL);
      try {
        const page = await this.call('DescribeServices', () =>
          this.client.send(new DescribeServicesCommand({ cluster, services })),
        );
        for (const service of page.services ?? []) {
          if (service.status !== 'ACTIVE') continue;
          const [deployment] = service.deployments ?? [];
          found.push({
            name: service.serviceName!,
            desired: service.desiredCount ?? 0,
            running: service.runningCount ?? 0,
            rollout: deployment?.rolloutState ?? 'COMPLETED',
            rolloutReason: deployment?.rolloutStateReason,
            startedAt: deployment?.createdAt?.getTime(),
          });
        }
      } catch (error) {
        if (!isAbsence(error)) throw error;
      }
    }
    return found;
  }

  /** Why a task of the service ended last, in the words of ECS. */
  async lastStopReason(
    cluster: string,
    serviceName: string,
  ): Promise<string | undefined> {
    const { taskArns = [] } = await this.call('ListTasks', () =>
      this.client.send(
        new ListTasksCommand({
          cluster,
          serviceName,
          desiredStatus: 'STOPPED',
          maxResults: 1,
        }),
      ),
    );
    if (taskArns.length === 0) return undefined;
    const { tasks = [] } = await this.call('DescribeTasks', () =>
      this.client.send(new DescribeTasksCommand({ cluster, tasks: taskArns })),
    );
    const [task] = tasks;
    const container = task?.containers?.find(({ reason }) => reason);
    return [task?.stoppedReason, container?.reason].filter(Boolean).join(' ');
  }

  /**
   * Whether a cluster, service, task definition or task exists no more. ECS shows them a
   * while longer, task definitions for good, and says so in their status.
   */
  async isGone(arn: string): Promise<boolean> {
    try {
      const status = await this.statusOf(arn);
      return status === undefined || GONE.has(status);
    } catch (error) {
      if (isAbsence(error)) return true;
      throw error;
    }
  }

  /** @returns `undefined` when there is none of that name */
  private async statusOf(arn: string): Promise<string | undefined> {
    const [kind, cluster] = arn.split(':').slice(5).join(':').split('/');
    if (kind === 'cluster') {
      const { clusters } = await this.call('DescribeClusters', () =>
        this.client.send(new DescribeClustersCommand({ clusters: [arn] })),
      );
      return clusters?.[0]?.status;
    }
    if (kind === 'service') {
      const { services } = await this.call('DescribeServices', () =>
        this.client.send(
          new DescribeServicesCommand({ cluster, services: [arn] }),
        ),
      );
      return services?.[0]?.status;
    }
    if (kind === 'task') {
      const { tasks } = await this.call('DescribeTasks', () =>
        this.client.send(new DescribeTasksCommand({ cluster, tasks: [arn] })),
      );
      return tasks?.[0]?.lastStatus;
    }
    if (kind !== 'task-definition') return 'UNKNOWN';
    return this.statusOfDefinition(arn);
  }

  private async statusOfDefinition(arn: string): Promise<string | undefined> {
    try {
      const { taskDefinition } = await this.call('DescribeTaskDefinition', () =>
        this.client.send(
          new DescribeTaskDefinitionCommand({ taskDefinition: arn }),
        ),
      );
      return taskDefinition?.status;
    } catch (error) {
      // ECS has no code of its own for a definition that is not there.
      if (hasCode(error, 'ClientException')) return undefined;
      throw error;
    }
  }

  private call<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call('ecs', `ecs:${operation}`, run);
  }
}
