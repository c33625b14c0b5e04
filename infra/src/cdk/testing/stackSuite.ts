import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  resourcesOfType,
  type Synthesized,
  type SynthesizedTemplate,
} from './synthesize';
import { repositoryRoot } from './repositoryRoot';

type StackOf = (id: string, kind: 'core' | 'services') => SynthesizedTemplate;

/** What an environment consists of. */
export function describeStacks(synthesized: Synthesized): void {
  const { manifest, templates } = synthesized;
  function stackOf(id: string, kind: 'core' | 'services'): SynthesizedTemplate {
    const blueprint = manifest.environments.find(each => each.id === id)!;
    return templates.get(blueprint[kind].template)!;
  }
  describeCore(synthesized, stackOf);
  describeServices(synthesized, stackOf);
}

function describeCore(
  { manifest, templates }: Synthesized,
  stackOf: StackOf,
): void {
  describe('the core of an environment', () => {
    const core = stackOf('standard-s3-vectors', 'core');

    it('keeps records in the table that services expect', () => {
      const [[, { Properties }]] = resourcesOfType(
        core,
        'AWS::DynamoDB::Table',
      );
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'gsi1',
            KeySchema: [
              { AttributeName: 'gsi1pk', KeyType: 'HASH' },
              { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEType: 'KMS' },
      });
    });

    it('gives up messages later than the workers themselves', () => {
      const queues = resourcesOfType(core, 'AWS::SQS::Queue').filter(
        ([, { Properties }]) => Properties.RedrivePolicy,
      );
      expect(queues).toHaveLength(4);
      for (const [, { Properties }] of queues) {
        expect(Properties.RedrivePolicy.maxReceiveCount).toBeGreaterThan(20);
      }
    });

    it('has the scopes of all routes', () => {
      const servers = resourcesOfType(
        core,
        'AWS::Cognito::UserPoolResourceServer',
      );
      const scopes = servers.flatMap(([, { Properties }]) =>
        Properties.Scopes.map(
          ({ ScopeName }: { ScopeName: string }) =>
            `${Properties.Identifier}/${ScopeName}`,
        ),
      );
      expect(scopes.sort()).toEqual([
        'genai/admin',
        'genai/document.write',
        'genai/model.invoke',
        'genai/prompt.read',
        'genai/prompt.write',
        'genai/usage.read',
        'genai/vector.read',
        'genai/vector.write',
        'genaifoundations/read',
      ]);
    });

    it('keeps its address, and not its load balancer, while hibernated', () => {
      expect(core.Resources.Api.Condition).toBeUndefined();
      expect(core.Resources.Stage.Condition).toBeUndefined();
      expect(core.Resources.LoadBalancer.Condition).toBe('IsRunning');
      const [condition, , hibernated] =
        core.Resources.Api.Properties.Body['Fn::If'];
      expect(condition).toBe('IsRunning');
      expect(Object.keys(hibernated.paths)).toEqual(['/', '/{path+}']);
    });

    it('is in the zones of the foundation, which may be named', () => {
      const zonesOf = (template: SynthesizedTemplate) =>
        resourcesOfType(template, 'AWS::EC2::Subnet').map(
          ([, { Properties }]) => Properties.AvailabilityZone,
        );
      const isolated = zonesOf(stackOf('isolated-s3-vectors', 'core'));
      const [first, second] = [{ Ref: 'Zone1' }, { Ref: 'Zone2' }];
      expect(isolated).toEqual([first, first, second, second]);
      const foundation = templates.get(manifest.foundation.template)!;
      expect(zonesOf(foundation)[0]).toEqual({
        'Fn::If': [
          'HasZone1',
          { Ref: 'Zone1' },
          { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
        ],
      });
      expect(Object.keys(foundation.Outputs)).toEqual(
        expect.arrayContaining(['Zone1', 'Zone2']),
      );
    });

    it('has a name of its own below that of the platform', () => {
      const name = {
        'Fn::Join': [
          '.',
          [{ Ref: 'EnvironmentName' }, { Ref: 'BaseDomainName' }],
        ],
      };
      expect(core.Resources.Domain).toMatchObject({
        Condition: 'HasBaseDomainName',
        Properties: { DomainName: name },
      });
      expect(core.Resources.DomainRecord.Properties.Name).toEqual(name);
    });

    it('deploys its API again when another revision is named', () => {
      const deployments = Object.fromEntries(
        resourcesOfType(core, 'AWS::ApiGateway::Deployment').map(
          ([id, { Condition }]) => [Condition, { Ref: id }],
        ),
      );
      const {
        IsRunningRevisionA: first,
        IsRunningRevisionB: second,
        IsHibernated: resting,
        ...more
      } = deployments;
      expect(more).toEqual({});
      expect(core.Resources.Stage.Properties.DeploymentId).toEqual({
        'Fn::If': [
          'IsRunningRevisionA',
          first,
          { 'Fn::If': ['IsRunningRevisionB', second, resting] },
        ],
      });
      expect(core.Parameters.ApiRevision).toMatchObject({
        Default: 'a',
        AllowedValues: ['a', 'b'],
      });
    });

    it('logs what went wrong, and nowhere but in its own group', () => {
      const { AccessLogSetting, MethodSettings } =
        core.Resources.Stage.Properties;
      expect(MethodSettings).toMatchObject([{ LoggingLevel: 'OFF' }]);
      expect(AccessLogSetting.DestinationArn).toEqual({
        'Fn::GetAtt': ['LogGroupApi', 'Arn'],
      });
      expect(JSON.parse(AccessLogSetting.Format)).toMatchObject({
        errorType: '$context.error.responseType',
        integrationError: '$context.integration.error',
      });
    });

    it('counts what an address asks of each environment for itself', () => {
      const { Rules } = resourcesOfType(
        templates.get(manifest.foundation.template)!,
        'AWS::WAFv2::WebACL',
      )[0][1].Properties;
      expect(Rules[2].Statement.RateBasedStatement).toMatchObject({
        AggregateKeyType: 'CUSTOM_KEYS',
        CustomKeys: [{ IP: {} }, { Header: { Name: 'host' } }],
      });
    });

    it('makes an inference profile for each model that is given', () => {
      const profiles = resourcesOfType(
        core,
        'AWS::Bedrock::ApplicationInferenceProfile',
      );
      expect(profiles).toHaveLength(10);
      expect(profiles[0][1]).toMatchObject({
        Condition: 'HasModel1',
        Properties: { ModelSource: { CopyFrom: { Ref: 'Model1' } } },
      });
    });

    it('reaches Cognito, which no endpoint leads to, by a NAT gateway', () => {
      const isolated = stackOf('isolated-s3-vectors', 'core');
      expect(isolated.Resources.NatRoute.Condition).toBe('IsRunning');
      const names = resourcesOfType(isolated, 'AWS::EC2::VPCEndpoint').map(
        ([, { Properties }]) => JSON.stringify(Properties.ServiceName),
      );
      expect(names).toHaveLength(10);
      expect(names.filter(name => name.includes('cognito'))).toEqual([]);
      for (const id of ['sandbox-s3-vectors', 'standard-s3-vectors']) {
        const { Rules } = stackOf(id, 'core');
        expect(Rules?.TasksReachCognito).toMatchObject({
          Assertions: [{ Assert: { 'Fn::Equals': [{ Ref: 'Nat' }, 'true'] } }],
        });
      }
    });

    it('lets two tags move, and keeps the images that they point at', () => {
      const { Properties } = core.Resources.AppRepository;
      expect(Properties).toMatchObject({
        ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
        ImageTagMutabilityExclusionFilters: ['latest', 'services'].map(tag => ({
          ImageTagMutabilityExclusionFilterType: 'WILDCARD',
          ImageTagMutabilityExclusionFilterValue: tag,
        })),
      });
      const { rules } = JSON.parse(
        Properties.LifecyclePolicy.LifecyclePolicyText,
      );
      const selected = rules.map(({ rulePriority, selection }: any) => [
        rulePriority,
        selection.tagPatternList ?? selection.tagStatus,
        selection.countNumber,
      ]);
      // Each tag by itself: a list of patterns matches images that have all of them.
      expect(selected).toEqual([
        [1, ['latest'], 1],
        [2, ['services'], 1],
        [3, 'any', 20],
      ]);
    });

    it('opens the app to nobody unless the platform team says to whom', () => {
      const parameters = manifest.environments[0].core.parameters;
      const cidrs = parameters.find(({ name }) => name === 'AppAllowedCidrs')!;
      expect(cidrs).toMatchObject({
        default: '127.0.0.1/32',
        source: { from: 'target', key: 'appAllowedCidrs' },
      });
      const [, running] = core.Resources.Api.Properties.Body['Fn::If'];
      expect(running['x-amazon-apigateway-policy'].Statement[1]).toMatchObject({
        Effect: 'Deny',
        Resource: ['execute-api:/*/*/app', 'execute-api:/*/*/app/*'],
      });
    });

    it('shares by tier', () => {
      const types = (id: string) =>
        manifest.environments.find(each => each.id === id)!.core
          .resourcesByType;
      expect(types('sandbox-s3-vectors')).not.toHaveProperty(
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
      );
      expect(types('standard-s3-vectors')).not.toHaveProperty('AWS::EC2::VPC');
      expect(types('isolated-s3-vectors')).toMatchObject({
        'AWS::EC2::VPC': 1,
        'AWS::ApiGatewayV2::VpcLink': 1,
        'AWS::WAFv2::WebACL': 1,
      });
    });
  });
}

function describeServices({ manifest }: Synthesized, stackOf: StackOf): void {
  describe('the services of an environment', () => {
    const services = stackOf('standard-s3-vectors', 'services');

    it('run as users without rights, on a file system that is read-only', () => {
      for (const id of ['standard-s3-vectors', 'sandbox-s3-vectors']) {
        const definitions = resourcesOfType(
          stackOf(id, 'services'),
          'AWS::ECS::TaskDefinition',
        );
        for (const [, { Properties }] of definitions) {
          expect(Properties.RuntimePlatform.CpuArchitecture).toBe('ARM64');
          expect(Properties.ContainerDefinitions[0]).toMatchObject({
            User: '1000:1000',
            ReadonlyRootFilesystem: true,
            LinuxParameters: {
              Capabilities: { Drop: ['ALL'] },
              InitProcessEnabled: true,
            },
          });
        }
      }
    });

    it('are told of all they need by variables that the guides describe', () => {
      const guides = ['docs/guides/container.md', 'docs/runtime-protocol.md']
        .map(path => readFileSync(join(repositoryRoot(), path), 'utf8'))
        .join('\n');
      const [container] =
        services.Resources.WorkerDocumentsTaskDefinition.Properties
          .ContainerDefinitions;
      const names: string[] = container.Environment.map(
        ({ Name }: { Name: string }) => Name,
      );
      const undocumented = names
        .filter(name => name.startsWith('GENAI_'))
        // One row of the table for all queues.
        .map(name =>
          name.replace(/_(EXTRACTION|CHUNKING|INGEST|VECTORIZATION)$/, '_'),
        )
        .filter(name => !guides.includes(name));
      expect(undocumented).toEqual([]);
      expect(container.Secrets).toEqual([
        expect.objectContaining({ Name: 'GENAI_CONTROL_KEY' }),
      ]);
      expect(container.Command).toEqual([
        '--services',
        '',
        '--workers',
        'extraction,chunking,ingest',
      ]);
    });

    it('go back to what ran before when a deployment fails', () => {
      for (const [, { Properties }] of resourcesOfType(
        services,
        'AWS::ECS::Service',
      )) {
        expect(Properties.DeploymentConfiguration).toMatchObject({
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          MinimumHealthyPercent: 100,
        });
      }
    });

    it('scale: web tasks by load from what was asked for, workers by work from none', () => {
      const targets = Object.fromEntries(
        resourcesOfType(
          services,
          'AWS::ApplicationAutoScaling::ScalableTarget',
        ).map(([id, { Properties }]) => [id, Properties.MinCapacity]),
      );
      expect(targets).toEqual({
        ModelInvocationScaling: { Ref: 'TasksModelInvocation' },
        DocumentProcessingScaling: { Ref: 'TasksDocumentProcessing' },
        VectorizationScaling: { Ref: 'TasksVectorization' },
        PromptManagementScaling: { Ref: 'TasksPromptManagement' },
        AdministrationScaling: { Ref: 'TasksAdministration' },
        AppScaling: { Ref: 'TasksApp' },
        WorkerDocumentsScaling: 0,
        WorkerVectorizationScaling: 0,
      });
      const { Properties } = services.Resources.WorkerVectorizationWorkAlarm;
      expect(Properties.Metrics).toHaveLength(5);
      expect(Properties.AlarmActions).toEqual([
        { Ref: 'WorkerVectorizationScaleUp' },
      ]);
    });

    it('have as many tasks as were asked for in a sandbox', () => {
      const targets = resourcesOfType(
        stackOf('sandbox-s3-vectors', 'services'),
        'AWS::ApplicationAutoScaling::ScalableTarget',
      ).map(([, { Properties }]) => Properties);
      expect(targets.map(each => each.MinCapacity)).toEqual([
        { Ref: 'TasksRuntime' },
        { Ref: 'TasksApp' },
      ]);
      for (const { MinCapacity, MaxCapacity } of targets) {
        expect(MaxCapacity).toEqual(MinCapacity);
      }
    });

    it('are replaced, workers with the service that gives them work, when a restart is asked for', () => {
      const labels = resourcesOfType(services, 'AWS::ECS::TaskDefinition').map(
        ([id, { Properties }]) => [
          id,
          Properties.ContainerDefinitions[0].DockerLabels['genai.restarted-at']
            .Ref,
        ],
      );
      expect(Object.fromEntries(labels)).toEqual({
        ModelInvocationTaskDefinition: 'RestartedAtModelInvocation',
        DocumentProcessingTaskDefinition: 'RestartedAtDocumentProcessing',
        VectorizationTaskDefinition: 'RestartedAtVectorization',
        PromptManagementTaskDefinition: 'RestartedAtPromptManagement',
        AdministrationTaskDefinition: 'RestartedAtAdministration',
        AppTaskDefinition: 'RestartedAtApp',
        WorkerDocumentsTaskDefinition: 'RestartedAtDocumentProcessing',
        WorkerVectorizationTaskDefinition: 'RestartedAtVectorization',
      });
    });

    it.each(['sandbox', 'standard', 'isolated'])(
      'sum up in one alarm what needs looking after, in tier %s',
      tier => {
        const stack = stackOf(`${tier}-s3-vectors`, 'services');
        const [[, { Properties }], ...more] = resourcesOfType(
          stack,
          'AWS::CloudWatch::CompositeAlarm',
        );
        expect(more).toEqual([]);
        // CloudFormation names it, so that its name begins with that of the stack.
        expect(Properties).not.toHaveProperty('AlarmName');
        const alarms = resourcesOfType(stack, 'AWS::CloudWatch::Alarm');
        const expected = alarms
          .filter(([id]) => !/(Work|Idle)Alarm$/.test(id))
          .map(([id, { Condition }]) => [id, Condition]);
        const conditions = new Map(
          (Properties.AlarmRule['Fn::Join'][1] as unknown[])
            .map(part => JSON.stringify(part))
            .map(part => [
              /"Ref":"(\w+)"/.exec(part)?.[1],
              /"Fn::If":\["(\w+)"/.exec(part)?.[1],
            ]),
        );
        expect(conditions).toEqual(new Map(expected as []));
      },
    );

    it('are found by the header that the gateway sets', () => {
      const sandbox = stackOf('sandbox-s3-vectors', 'services');
      expect(sandbox.Resources.RuntimeRule.Properties).toMatchObject({
        Priority: { Ref: 'ListenerPriorityRuntime' },
        Conditions: [
          {
            Field: 'http-header',
            HttpHeaderConfig: {
              HttpHeaderName: 'x-genai-target',
              Values: [
                { 'Fn::Join': ['.', [{ Ref: 'EnvironmentName' }, 'runtime']] },
              ],
            },
          },
        ],
      });
    });

    it('are one task with everything in a sandbox', () => {
      const { services: blueprint } = manifest.environments.find(
        ({ id }) => id === 'sandbox-s3-vectors',
      )!;
      expect(blueprint.ecsServices.map(({ name }) => name)).toEqual([
        '{name}-runtime',
        '{name}-app',
      ]);
      expect(blueprint.ecsServices[0].hosts).toHaveLength(5);
    });

    it('run the app only once it has an image', () => {
      expect(services.Resources.AppService.Condition).toBe('HasAppImage');
    });
  });
}
