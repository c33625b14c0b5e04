import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { isAbsence } from '../errors';
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

  private call<T>(operation: string, run: () => Promise<T>): Promise<T> {
    return this.caller.call('ecs', `ecs:${operation}`, run);
  }
}
