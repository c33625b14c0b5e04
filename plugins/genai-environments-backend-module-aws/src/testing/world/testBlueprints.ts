import { createHash } from 'node:crypto';
import type {
  Blueprints,
  EnvironmentBlueprint,
  ParameterBlueprint,
  ParameterSource,
  StackBlueprint,
  StackKind,
} from '../../blueprints/types';

/** Templates of few resources with the shape of the bundled ones. Test code. */

const parameter = (
  name: string,
  source: ParameterSource,
  fallback?: string,
): ParameterBlueprint => ({ name, source, default: fallback });

const IDENTITY = [
  parameter('EnvironmentName', { from: 'environment', field: 'name' }),
  parameter('EnvironmentUid', { from: 'environment', field: 'uid' }),
];

const ref = (name: string) => ({ Ref: name });
const att = (name: string, attribute: string) => ({
  'Fn::GetAtt': [name, attribute],
});

export const FOUNDATION_TEMPLATE = {
  Resources: {
    Templates: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: { 'Fn::Sub': 'genai-templates-${AWS::AccountId}' },
      },
    },
    Images: { Type: 'AWS::ECR::Repository', Properties: {} },
  },
  Outputs: {
    TemplateBucketName: { Value: ref('Templates') },
    RuntimeRepositoryUri: { Value: att('Images', 'RepositoryUri') },
    ServiceRoleArn: {
      Value: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/genai-cfn' },
    },
  },
};

const logGroup = (name: string) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: {
    LogGroupName: { 'Fn::Sub': `/genai/\${EnvironmentName}/${name}` },
  },
});

const CORE = {
  Parameters: {
    EnvironmentName: { Type: 'String' },
    EnvironmentUid: { Type: 'String' },
    State: { Type: 'String', AllowedValues: ['running', 'hibernated'] },
    Model1: { Type: 'String', Default: '' },
    Model2: { Type: 'String', Default: '' },
  },
  Conditions: {
    Running: { 'Fn::Equals': [ref('State'), 'running'] },
    HasModel2: { 'Fn::Not': [{ 'Fn::Equals': [ref('Model2'), ''] }] },
  },
  Resources: {
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, KMSMasterKeyId: ref('Key') },
      },
    },
    Data: { Type: 'AWS::S3::Bucket', Properties: {} },
    Vectors: { Type: 'AWS::S3Vectors::VectorBucket', Properties: {} },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
    AppImages: { Type: 'AWS::ECR::Repository', Properties: {} },
    AppSecret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: {
          'Fn::Sub': 'genai/${EnvironmentName}/${EnvironmentUid}/project-app',
        },
        SecretString: '{}',
      },
    },
    ControlSecret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Name: {
          'Fn::Sub': 'genai/${EnvironmentName}/${EnvironmentUid}/control',
        },
        GenerateSecretString: {
          SecretStringTemplate: '{}',
          GenerateStringKey: 'controlKey',
        },
      },
    },
    ModelInvocationLog: logGroup('model-invocation'),
    PromptManagementLog: logGroup('prompt-management'),
    AppLog: logGroup('app'),
    Profile1: {
      Type: 'AWS::Bedrock::ApplicationInferenceProfile',
      Properties: {
        InferenceProfileName: { 'Fn::Sub': '${EnvironmentName}-1' },
        ModelSource: { CopyFrom: ref('Model1') },
      },
    },
    Profile2: {
      Type: 'AWS::Bedrock::ApplicationInferenceProfile',
      Condition: 'HasModel2',
      Properties: {
        InferenceProfileName: { 'Fn::Sub': '${EnvironmentName}-2' },
        ModelSource: { CopyFrom: ref('Model2') },
      },
    },
    Balancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Condition: 'Running',
      Properties: { Type: 'application' },
    },
    Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
  },
  Outputs: {
    ApiEndpoint: {
      Value: {
        'Fn::Sub':
          'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/env',
      },
    },
    TokenUrl: {
      Value: {
        'Fn::Sub':
          'https://${EnvironmentName}.auth.${AWS::Region}.amazoncognito.com/oauth2/token',
      },
    },
    IssuerUrl: { Value: att('Pool', 'ProviderURL') },
    UserPoolId: { Value: ref('Pool') },
    AppRepositoryName: { Value: ref('AppImages') },
    AppRepositoryUri: { Value: att('AppImages', 'RepositoryUri') },
    AppSecretArn: { Value: ref('AppSecret') },
    ControlSecretArn: { Value: ref('ControlSecret') },
    Model1ProfileArn: { Value: att('Profile1', 'InferenceProfileArn') },
    Model2ProfileArn: {
      Condition: 'HasModel2',
      Value: att('Profile2', 'InferenceProfileArn'),
    },
  },
};

const ecsService = (name: string, condition: string) => ({
  Type: 'AWS::ECS::Service',
  Condition: condition,
  DependsOn: ['Task'],
  Properties: {
    Cluster: ref('Cluster'),
    ServiceName: name,
    TaskDefinition: ref('Task'),
    DesiredCount: 1,
  },
});

const scaling = (name: string, condition: string, tasks: string) => ({
  Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
  Condition: condition,
  Properties: {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ResourceId: { 'Fn::Join': ['/', ['service', ref('Cluster'), name]] },
    MinCapacity: ref(tasks),
    MaxCapacity: 4,
  },
});

const OPERATED = ['ModelInvocation', 'PromptManagement', 'App'];

const isTrue = (name: string) => ({ 'Fn::Equals': [ref(name), 'true'] });

const SERVICES = {
  Parameters: {
    EnvironmentName: { Type: 'String' },
    EnvironmentUid: { Type: 'String' },
    UserPoolId: { Type: 'String' },
    RuntimeImage: { Type: 'String' },
    AppImage: { Type: 'String', Default: '' },
    RunsModelInvocation: { Type: 'String', Default: 'false' },
    RunsPromptManagement: { Type: 'String', Default: 'false' },
    Models: { Type: 'String' },
    BedrockConfig: { Type: 'String' },
    ListenerPriority: { Type: 'Number' },
    LogRetentionDays: { Type: 'Number', Default: 30 },
    ...Object.fromEntries(
      OPERATED.flatMap(name => [
        [`Tasks${name}`, { Type: 'Number', Default: 1 }],
        [`RestartedAt${name}`, { Type: 'String', Default: 'never' }],
      ]),
    ),
  },
  Conditions: {
    Model: isTrue('RunsModelInvocation'),
    Prompts: isTrue('RunsPromptManagement'),
    App: { 'Fn::Not': [{ 'Fn::Equals': [ref('AppImage'), ''] }] },
  },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: {} },
    },
    Cluster: {
      Type: 'AWS::ECS::Cluster',
      Properties: { ClusterName: { 'Fn::Sub': 'genai-${EnvironmentName}' } },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        TaskRoleArn: att('Role', 'Arn'),
        ContainerDefinitions: [
          {
            Name: 'runtime',
            Image: ref('RuntimeImage'),
            DockerLabels: {
              'genai.restarted-at': {
                'Fn::Join': [' ', OPERATED.map(id => ref(`RestartedAt${id}`))],
              },
            },
            Environment: [
              { Name: 'GENAI_MODELS', Value: ref('Models') },
              { Name: 'GENAI_BEDROCK', Value: ref('BedrockConfig') },
            ],
          },
        ],
      },
    },
    ModelInvocation: ecsService('model-invocation', 'Model'),
    PromptManagement: ecsService('prompt-management', 'Prompts'),
    App: ecsService('app', 'App'),
    ModelInvocationScaling: scaling(
      ...(['model-invocation', 'Model', 'TasksModelInvocation'] as const),
    ),
    PromptManagementScaling: scaling(
      ...(['prompt-management', 'Prompts', 'TasksPromptManagement'] as const),
    ),
    AppScaling: scaling('app', 'App', 'TasksApp'),
  },
  Outputs: {
    ClusterName: { Value: ref('Cluster') },
    ModelInvocationServiceName: { Value: 'model-invocation' },
    PromptManagementServiceName: { Value: 'prompt-management' },
    AppServiceName: { Value: 'app', Condition: 'App' },
  },
};

const CORE_PARAMETERS = [
  ...IDENTITY,
  parameter('State', { from: 'provisioner', what: 'state' }),
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
  parameter('LogRetentionDays', { from: 'target', key: 'logRetentionDays' }),
  ...OPERATED.flatMap(name => [
    parameter(`Tasks${name}`, { from: 'provisioner', what: 'tasks' }, '1'),
    parameter(`RestartedAt${name}`, {
      ...{ from: 'provisioner', what: 'restartedAt' },
    }),
  ]),
];

/** Texts of the templates, by file name. */
export const TEST_TEMPLATES: Record<string, string> = {
  'standard-core.template.json': JSON.stringify(CORE),
  'standard-services.template.json': JSON.stringify(SERVICES),
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
  core: stack('core', CORE, CORE_PARAMETERS),
  services: stack('services', SERVICES, SERVICES_PARAMETERS),
  cost: { idleMonthlyUsd: 61, hibernatedMonthlyUsd: 3, note: 'Idle.' },
  creation: { seconds: 300 },
};

export function testBlueprints(version = '0.1.0'): Blueprints {
  return { version, find: () => STANDARD };
}
