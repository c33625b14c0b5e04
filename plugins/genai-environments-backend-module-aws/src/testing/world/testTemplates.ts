/** Templates of few resources with the shape of the bundled ones. Test code. */

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
    Nat: { Value: 'true' },
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

export const CORE_TEMPLATE = {
  Parameters: {
    Nat: { Type: 'String' },
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

/** Logical ids of what is scaled and restarted. */
export const OPERATED = ['ModelInvocation', 'PromptManagement', 'App'];

const isTrue = (name: string) => ({ 'Fn::Equals': [ref(name), 'true'] });

export const SERVICES_TEMPLATE = {
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
