import { type CfnCondition, type CfnResource, Fn } from 'aws-cdk-lib';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { CfnService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { BlueprintTier, VectorStore } from '../../manifest/manifest';
import { BlueprintStack } from '../BlueprintStack';
import {
  createAlarms,
  createHealthAlarm,
  createSummaryAlarm,
  type Notice,
} from '../parts/alarms';
import { createCluster } from '../parts/cluster';
import { type CoreValues, readCore } from '../parts/coreValues';
import { createDashboard } from '../parts/dashboard';
import type { QueueName } from '../parts/data';
import { createEcsService, type Reach } from '../parts/ecsService';
import { acknowledge } from '../parts/iam';
import { TASK_PORT } from '../parts/loadBalancer';
import { toId } from '../parts/logs';
import {
  appEnvironment,
  runtimeCommand,
  runtimeEnvironment,
  type RuntimeSettings,
} from '../parts/runtimeEnvironment';
import { scaleByLoad, scaleByQueues, scaleByWish } from '../parts/scaling';
import {
  type ContainerOptions,
  createTaskDefinition,
} from '../parts/taskDefinition';
import { frontOf, type Task, TASKS } from '../tasks';
import { readSettings, type ServiceSettings } from '../parts/serviceSettings';

/** Queues whose work a worker is started for: its own, and the one that will give it work. */
const CAUSES: Record<string, QueueName[]> = {
  'worker-documents': ['Extraction', 'Chunking', 'Ingest'],
  'worker-vectorization': ['Vectorization', 'Ingest'],
};

/** What the load balancer asks tasks for. */
const HEALTH_PATHS: Record<string, string> = {
  'model-invocation': '/model/service/health',
  'document-processing': '/document/service/health',
  vectorization: '/vector/service/health',
  'prompt-management': '/prompt/service/health',
  administration: '/admin/service/health',
  app: '/app/health',
  runtime: '/',
};

/** What an environment runs. It is deleted while the environment is hibernated. */
export class EnvironmentServices extends BlueprintStack {
  private readonly tier: BlueprintTier;
  private readonly core: CoreValues;
  private readonly settings: ServiceSettings;
  private readonly clusterName: string;
  private readonly securityGroupId: string;
  private readonly notice: Notice;
  /** Of a cluster of its own. */
  private capacity?: CfnResource;

  constructor(
    scope: Construct,
    options: { tier: BlueprintTier; vectorStore: VectorStore },
  ) {
    const { tier, vectorStore } = options;
    super(scope, `${tier}-${vectorStore}-services`, {
      description: `GenAI environment, tier ${tier}, vectors in ${vectorStore}: services and workers`,
    });
    this.tier = tier;
    this.settings = readSettings(this, { tier });
    this.core = readCore(this, options);
    this.clusterName = this.core.clusterName ?? this.createCluster();
    this.securityGroupId = this.createSecurityGroup();
    this.notice = {
      condition: this.isGiven(this.settings.alarmTopic),
      topicArn: this.settings.alarmTopic.valueAsString,
    };
    const healthAlarms = TASKS[tier].flatMap((task, index) =>
      this.createTask(task, index),
    );
    const { core, notice } = this;
    createSummaryAlarm(this, [
      ...healthAlarms,
      ...createAlarms(this, { core, notice }),
    ]);
    this.describe();
    acknowledge(this, {
      'CloudFormation-Validate::W2509':
        'The parameters are ARNs of secrets, which are not secret.',
    });
  }

  private createCluster(): string {
    const { name, capacity } = createCluster(this, {
      name: Fn.join('-', ['genai', this.settings.environmentName]),
    });
    this.capacity = capacity;
    return name;
  }

  private createSecurityGroup(): string {
    const group = new CfnSecurityGroup(this, 'TaskSecurityGroup', {
      vpcId: this.core.vpcId,
      groupDescription: 'Tasks: from the load balancer; to services of AWS',
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: TASK_PORT,
          toPort: TASK_PORT,
          sourceSecurityGroupId: this.core.loadBalancerSecurityGroupId,
          description: 'Requests',
        },
      ],
      securityGroupEgress: [
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIp: '0.0.0.0/0',
          description: 'HTTPS to services of AWS, and to models elsewhere',
        },
      ],
    });
    return group.attrGroupId;
  }

  /** @returns its alarms that need looking after */
  private createTask(task: Task, index: number): CfnAlarm[] {
    const id = toId(task.name);
    const condition = this.conditionOf(task);
    const definition = createTaskDefinition(this, {
      task,
      environmentName: this.settings.environmentName,
      taskRoleArn: this.core.taskRoleArn(task),
      executionRoleArn: this.core.executionRoleArn,
      restartedAt: this.settings.restartedAtOf(task),
      container: this.containerOf(task),
    });
    const { service, targetGroup } = createEcsService(this, {
      task,
      definition,
      condition,
      name: this.ecsNameOf(task),
      nameInManifest:
        this.tier === 'sandbox' ? `{name}-${task.name}` : task.name,
      clusterName: this.clusterName,
      subnetIds: this.core.subnetIds,
      securityGroupId: this.securityGroupId,
      reach: task.kind === 'worker' ? undefined : this.reachOf(task, index),
    });
    definition.cfnOptions.condition = condition;
    if (this.capacity) service.addResourceDependency(this.capacity);
    this.scale(task, { id, service, condition });
    if (!targetGroup) return [];
    const health = createHealthAlarm(this, {
      ...{ id, service, targetGroup, condition },
      name: task.name,
      minTasks: this.settings.minTasksOf(task),
      core: this.core,
      notice: this.notice,
    });
    return [health];
  }

  private scale(
    task: Task,
    options: { id: string; service: CfnService; condition?: CfnCondition },
  ): void {
    const { core, settings, clusterName } = this;
    const { maxTasks } = settings;
    if (task.scalesToZero) {
      const queueNames = CAUSES[task.name].map(name => core.queues[name].name);
      scaleByQueues(this, { ...options, clusterName, maxTasks, queueNames });
      return;
    }
    const minTasks = settings.minTasksOf(task);
    if (this.tier === 'sandbox') {
      scaleByWish(this, { ...options, clusterName, tasks: minTasks });
    } else {
      scaleByLoad(this, { ...options, clusterName, minTasks, maxTasks });
    }
  }

  private conditionOf(task: Task): CfnCondition | undefined {
    if (task.kind === 'app') return this.settings.hasApp;
    if (this.tier === 'sandbox') return undefined;
    const [service] = frontOf(task, this.tier).hosts;
    return this.settings.runs(service);
  }

  private containerOf(task: Task): ContainerOptions {
    const { core, settings } = this;
    if (task.kind === 'app') {
      const key = (name: string) =>
        Fn.join('', [core.appSecretArn, `:${name}::`]);
      return {
        image: settings.appImage,
        environment: appEnvironment(core, settings),
        secrets: {
          GENAI_CLIENT_ID: key('clientId'),
          GENAI_CLIENT_SECRET: key('clientSecret'),
        },
        hasData: false,
      };
    }
    const runtime: RuntimeSettings = settings;
    return {
      image: settings.runtimeImage,
      command: runtimeCommand(task),
      environment: runtimeEnvironment(core, runtime),
      secrets: {
        GENAI_CONTROL_KEY: Fn.join('', [
          core.controlSecretArn,
          ':controlKey::',
        ]),
      },
      healthCheck: ['CMD', 'node', '/app/healthcheck.cjs'],
      hasData: true,
    };
  }

  private ecsNameOf({ name }: Task): string {
    return this.tier === 'sandbox'
      ? Fn.join('-', [this.settings.environmentName, name])
      : name;
  }

  private reachOf(task: Task, index: number): Reach {
    const { core, settings } = this;
    const isShared = this.tier === 'sandbox';
    return {
      vpcId: core.vpcId,
      listenerArn: core.listenerArn,
      target: isShared
        ? Fn.join('.', [settings.environmentName, task.name])
        : task.name,
      priority: isShared ? settings.priorityOf(task.name) : index + 1,
      healthPath: HEALTH_PATHS[task.name],
    };
  }

  private describe(): void {
    const tasks = TASKS[this.tier];
    this.output('ClusterName', {
      value: this.clusterName,
      description: 'Cluster that tasks run in',
    });
    for (const task of tasks) {
      this.output(`${toId(task.name)}ServiceName`, {
        value: this.ecsNameOf(task),
        description: `ECS service of ${task.name}`,
        condition: this.conditionOf(task),
      });
    }
    if (this.tier === 'sandbox') return;
    createDashboard(this, {
      environmentName: this.settings.environmentName,
      core: this.core,
      clusterName: this.clusterName,
      serviceNames: tasks.map(({ name }) => name),
    });
  }
}
