import { Aws } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import type { BlueprintStack } from '../BlueprintStack';
import type { Task } from '../tasks';
import { acknowledge } from './iam';
import { TASK_PORT } from './loadBalancer';
import { toId } from './logs';
import { DATA_DIRECTORY } from './runtimeEnvironment';

/** The runtime is through within ten seconds; the app within twenty. */
const STOP_TIMEOUT_SECONDS = 30;

export type ContainerOptions = {
  image: string;
  command?: string[];
  environment: Record<string, string>;
  /** Variables that ECS takes from Secrets Manager. */
  secrets: Record<string, string>;
  /** Asked inside the container; the app has its load balancer alone. */
  healthCheck?: string[];
  /** Whether the image has a volume for data. */
  hasData: boolean;
};

export type TaskDefinitionOptions = {
  task: Task;
  environmentName: string;
  taskRoleArn: string;
  executionRoleArn: string;
  /** Another value makes another revision, which ECS rolls out. */
  restartedAt: string;
  container: ContainerOptions;
};

/** One container that is not root, cannot write to its image and has no capabilities. */
export function createTaskDefinition(
  stack: BlueprintStack,
  options: TaskDefinitionOptions,
): CfnTaskDefinition {
  const { task, environmentName, container } = options;
  const definition = new CfnTaskDefinition(
    stack,
    `${toId(task.name)}TaskDefinition`,
    {
      family: `genai-${environmentName}-${task.name}`,
      cpu: `${task.cpu}`,
      memory: `${task.memoryMiB}`,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: {
        cpuArchitecture: 'ARM64',
        operatingSystemFamily: 'LINUX',
      },
      taskRoleArn: options.taskRoleArn,
      executionRoleArn: options.executionRoleArn,
      volumes: container.hasData ? [{ name: 'data' }] : undefined,
      containerDefinitions: [toContainer(options)],
    },
  );
  acknowledge(definition, {
    'AwsSolutions-ECS2':
      'No variable is secret: secrets are taken from Secrets Manager by ECS. The others are names and addresses that this stack knows.',
  });
  return definition;
}

function toContainer(
  options: TaskDefinitionOptions,
): CfnTaskDefinition.ContainerDefinitionProperty {
  const { task, environmentName, restartedAt, container } = options;
  return {
    name: task.kind === 'app' ? 'app' : 'runtime',
    image: container.image,
    command: container.command,
    essential: true,
    // A label and no variable: it is none of the container's business.
    dockerLabels: { 'genai.restarted-at': restartedAt },
    user: '1000:1000',
    readonlyRootFilesystem: true,
    linuxParameters: {
      // Collects what processes leave behind.
      initProcessEnabled: true,
      capabilities: { drop: ['ALL'] },
    },
    stopTimeout: STOP_TIMEOUT_SECONDS,
    portMappings: [{ containerPort: TASK_PORT, protocol: 'tcp' }],
    mountPoints: container.hasData
      ? [{ sourceVolume: 'data', containerPath: DATA_DIRECTORY }]
      : undefined,
    environment: Object.entries(container.environment).map(([name, value]) => ({
      name,
      value,
    })),
    secrets: Object.entries(container.secrets).map(([name, valueFrom]) => ({
      name,
      valueFrom,
    })),
    healthCheck: container.healthCheck && {
      command: container.healthCheck,
      interval: 15,
      timeout: 5,
      retries: 3,
      startPeriod: 30,
    },
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': `/genai/${environmentName}/${task.name}`,
        'awslogs-region': Aws.REGION,
        'awslogs-stream-prefix': 'task',
        // Answers must not wait for logs.
        mode: 'non-blocking',
        'max-buffer-size': '4m',
      },
    },
  };
}
