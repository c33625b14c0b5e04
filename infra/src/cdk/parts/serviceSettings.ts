import { type CfnCondition, type CfnParameter, Fn } from 'aws-cdk-lib';
import type { BlueprintTier } from '../../manifest/manifest';
import type { BlueprintStack } from '../BlueprintStack';
import {
  ALL_SERVICES,
  frontOf,
  type HostedService,
  type Task,
  TASKS,
} from '../tasks';
import { toId } from './logs';

/** What is chosen for the services of an environment. */
export type ServiceSettings = {
  environmentName: string;
  environmentUid: string;
  runtimeImage: string;
  appImage: string;
  hasApp: CfnCondition;
  /** Id of the model that the app asks. */
  textModel: string;
  /** JSON array of model ids. */
  models: string;
  /** JSON of how they are reached. */
  bedrock: string;
  maxTasks: number;
  /** Tasks that run at least, of one that has requests. */
  minTasksOf(task: Task): number;
  /** When what runs of a task was asked to be replaced. */
  restartedAtOf(task: Task): string;
  alarmTopic: CfnParameter;
  /** That the owner chose a service. */
  runs(service: HostedService): CfnCondition | undefined;
  /** Of a rule of a load balancer that is shared. */
  priorityOf(task: string): number;
};

/** Bytes that CloudFormation takes as the value of a parameter. */
const LONGEST_VALUE = 4096;
const MOST_TASKS = 50;

/** Declares the parameters that a provisioner decides. */
export function readSettings(
  stack: BlueprintStack,
  { tier }: { tier: BlueprintTier },
): ServiceSettings {
  const text = (
    name: string,
    options: Omit<Parameters<BlueprintStack['parameter']>[1], 'type'>,
  ) => stack.parameter(name, options).valueAsString;
  const appImage = stack.parameter('AppImage', {
    description: "Image of the project's own app; empty: it is not built yet",
    default: '',
    maxLength: 500,
    source: { from: 'provisioner', what: 'appImage' },
  });
  return {
    environmentName: text('EnvironmentName', {
      description: 'Name of the environment',
      allowedPattern: '^[a-z]([a-z0-9-]{1,30}[a-z0-9])?$',
      source: { from: 'environment', field: 'name' },
    }),
    environmentUid: text('EnvironmentUid', {
      description: 'Id of the environment',
      allowedPattern: '^[A-Za-z0-9-]{1,50}$',
      source: { from: 'environment', field: 'uid' },
    }),
    runtimeImage: text('RuntimeImage', {
      description:
        'Image of the runtime, with a tag or digest that nobody moves',
      allowedPattern: '^[^\\s]{3,500}$',
      source: { from: 'provisioner', what: 'runtimeImage' },
    }),
    appImage: appImage.valueAsString,
    hasApp: stack.isGiven(appImage),
    textModel: text('TextModel', {
      description: 'Id of the model that the app asks; empty: it has none',
      default: '',
      maxLength: 200,
      source: { from: 'provisioner', what: 'textModel' },
    }),
    models: text('Models', {
      description: 'JSON array of the ids of models that may be invoked',
      maxLength: LONGEST_VALUE,
      source: { from: 'provisioner', what: 'models' },
    }),
    bedrock: text('BedrockConfig', {
      description: 'JSON of how these models are reached in Bedrock',
      maxLength: LONGEST_VALUE,
      source: { from: 'provisioner', what: 'bedrockConfig' },
    }),
    maxTasks: readMaxTasks(stack, tier),
    ...readOperations(stack, tier),
    alarmTopic: stack.setting('AlarmTopicArn', {
      key: 'alarmTopicArn',
      description: 'Topic of SNS that alarms are sent to; empty: nowhere',
      default: '',
      allowedPattern: '^(arn:[a-z-]+:sns:[a-z0-9-]+:\\d{12}:.{1,256})?$',
    }),
    runs: tier === 'sandbox' ? () => undefined : readChoices(stack),
    priorityOf: readPriorities(stack, tier),
  };
}

/** A sandbox has as many tasks as were asked for. */
function readMaxTasks(stack: BlueprintStack, tier: BlueprintTier): number {
  if (tier === 'sandbox') return 1;
  return stack.setting('MaxTasks', {
    key: 'maxTasks',
    type: 'Number',
    description: 'The most tasks that a service may have',
    default: '4',
    minValue: 1,
    maxValue: MOST_TASKS,
  }).valueAsNumber;
}

/** What owners ask of running services; by default nothing. */
function readOperations(
  stack: BlueprintStack,
  tier: BlueprintTier,
): Pick<ServiceSettings, 'minTasksOf' | 'restartedAtOf'> {
  const operations = new Map(
    TASKS[tier]
      .filter(({ kind }) => kind !== 'worker')
      .map(({ name }) => [name, readOperationsOf(stack, name)]),
  );
  const of = (task: Task) => operations.get(frontOf(task, tier).name)!;
  return {
    minTasksOf: task => of(task).minTasks,
    restartedAtOf: task => of(task).restartedAt,
  };
}

function readOperationsOf(
  stack: BlueprintStack,
  name: string,
): { minTasks: number; restartedAt: string } {
  const tasks = stack.parameter(`Tasks${toId(name)}`, {
    type: 'Number',
    description: `Tasks of ${name} that run at least`,
    default: '1',
    minValue: 1,
    maxValue: MOST_TASKS,
    source: { from: 'provisioner', what: 'tasks' },
  });
  const restartedAt = stack.parameter(`RestartedAt${toId(name)}`, {
    description: `When a restart of ${name} was asked for last; another value replaces what runs`,
    default: 'never',
    allowedPattern: '^(never|\\d{4}-\\d{2}-\\d{2}T[\\d:.]{8,15}Z)$',
    source: { from: 'provisioner', what: 'restartedAt' },
  });
  return {
    minTasks: tasks.valueAsNumber,
    restartedAt: restartedAt.valueAsString,
  };
}

function readChoices(
  stack: BlueprintStack,
): (service: HostedService) => CfnCondition {
  const conditions = new Map(
    ALL_SERVICES.map(service => {
      const parameter = stack.parameter(`Runs${toId(service)}`, {
        description: `Whether the environment has ${service}`,
        default: 'true',
        allowedValues: ['true', 'false'],
        source: { from: 'provisioner', what: 'runsService' },
      });
      const condition = stack.condition(`Has${toId(service)}`, () =>
        Fn.conditionEquals(parameter.valueAsString, 'true'),
      );
      return [service, condition] as const;
    }),
  );
  return service => conditions.get(service)!;
}

function readPriorities(
  stack: BlueprintStack,
  tier: BlueprintTier,
): (task: string) => number {
  if (tier !== 'sandbox') return () => 1;
  const priorities = new Map(
    TASKS[tier].map(({ name }) => [
      name,
      stack.parameter(`ListenerPriority${toId(name)}`, {
        type: 'Number',
        description: `Place of ${name} among the rules of the shared load balancer`,
        minValue: 1,
        maxValue: 50_000,
        source: { from: 'provisioner', what: 'listenerPriority' },
      }).valueAsNumber,
    ]),
  );
  return task => priorities.get(task)!;
}
