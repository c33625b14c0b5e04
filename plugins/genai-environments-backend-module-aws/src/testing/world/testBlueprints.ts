import { createHash } from 'node:crypto';
import type {
  Blueprints,
  EnvironmentBlueprint,
  ParameterBlueprint,
  ParameterSource,
  StackBlueprint,
  StackKind,
} from '../../blueprints/types';
import { CORE_TEMPLATE, OPERATED, SERVICES_TEMPLATE } from './testTemplates';

const parameter = (
  name: string,
  source: ParameterSource,
  fallback?: string,
): ParameterBlueprint => ({ name, source, default: fallback });

const IDENTITY = [
  parameter('EnvironmentName', { from: 'environment', field: 'name' }),
  parameter('EnvironmentUid', { from: 'environment', field: 'uid' }),
];

const CORE_PARAMETERS = [
  ...IDENTITY,
  parameter('State', { from: 'provisioner', what: 'state' }),
  parameter('Nat', { from: 'output', stack: 'foundation', output: 'Nat' }),
  parameter('Model1', { from: 'provisioner', what: 'model' }, ''),
  parameter('Model2', { from: 'provisioner', what: 'model' }, ''),
];

const SERVICES_PARAMETERS = [
  ...IDENTITY,
  parameter('UserPoolId', {
    ...{ from: 'output', stack: 'core', output: 'UserPoolId' },
  }),
  parameter('RuntimeImage', { from: 'provisioner', what: 'runtimeImage' }),
  parameter('AppImage', { from: 'provisioner', what: 'appImage' }, ''),
  ...['RunsModelInvocation', 'RunsPromptManagement'].map(name =>
    parameter(name, { from: 'provisioner', what: 'runsService' }),
  ),
  parameter('Models', { from: 'provisioner', what: 'models' }),
  parameter('BedrockConfig', { from: 'provisioner', what: 'bedrockConfig' }),
  parameter('ListenerPriority', {
    ...{ from: 'provisioner', what: 'listenerPriority' },
  }),
  {
    ...parameter('LogRetentionDays', {
      ...{ from: 'target', key: 'logRetentionDays' },
    }),
    allowedValues: ['7', '14', '30'],
  },
  ...OPERATED.flatMap(name => [
    parameter(`Tasks${name}`, { from: 'provisioner', what: 'tasks' }, '1'),
    parameter(`RestartedAt${name}`, {
      ...{ from: 'provisioner', what: 'restartedAt' },
    }),
  ]),
];

/** Texts of the templates, by file name. */
export const TEST_TEMPLATES: Record<string, string> = {
  'standard-core.template.json': JSON.stringify(CORE_TEMPLATE),
  'standard-services.template.json': JSON.stringify(SERVICES_TEMPLATE),
};

function stack(
  kind: StackKind,
  template: { Resources: object },
  parameters: ParameterBlueprint[],
): StackBlueprint {
  const file = `standard-${kind}.template.json`;
  const resources: Array<{ Type: string }> = Object.values(template.Resources);
  const resourcesByType: Record<string, number> = {};
  for (const { Type } of resources) {
    resourcesByType[Type] = (resourcesByType[Type] ?? 0) + 1;
  }
  return {
    kind,
    template: file,
    sha256: createHash('sha256').update(TEST_TEMPLATES[file]).digest('hex'),
    resourceCount: resources.length,
    resourcesByType,
    capabilities: ['CAPABILITY_IAM'],
    parameters,
    apiParameters: [],
    ecsServices:
      kind === 'services'
        ? [
            {
              logicalId: 'ModelInvocationService',
              ...{ name: 'model-invocation', workers: [] },
              hosts: ['model-invocation'],
            },
            {
              logicalId: 'PromptManagementService',
              ...{ name: 'prompt-management', workers: [] },
              hosts: ['prompt-management'],
            },
            {
              logicalId: 'WorkerDocumentsService',
              name: 'worker-documents',
              ...{ hosts: [], workers: ['ingest'] },
            },
            {
              logicalId: 'AppService',
              ...{ name: 'app', hosts: [], workers: [] },
            },
          ]
        : [],
  };
}

const STANDARD: EnvironmentBlueprint = {
  id: 'standard-s3-vectors',
  tier: 'standard',
  vectorStore: 's3-vectors',
  core: stack('core', CORE_TEMPLATE, CORE_PARAMETERS),
  services: stack('services', SERVICES_TEMPLATE, SERVICES_PARAMETERS),
  cost: {
    ...{ idleMonthlyUsd: 61, hibernatedMonthlyUsd: 3, note: 'Idle.' },
    perUse: [{ name: 'requests', unit: 'million', usd: 4.1 }],
  },
  creation: { seconds: 300 },
};

/** The one blueprint of templates that tests read at a glance. Test code. */
export function testBlueprints(version = '0.1.0'): Blueprints {
  return { version, find: () => STANDARD };
}
