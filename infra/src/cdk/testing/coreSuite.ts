import {
  resourcesOfType,
  stackOf,
  type Synthesized,
  type SynthesizedTemplate,
} from './synthesize';

/** What keeps the data of an environment, and leads to it. */
export function describeCore(synthesized: Synthesized): void {
  const { manifest, templates } = synthesized;
  describe('the core of an environment', () => {
    const core = stackOf(synthesized, 'standard-s3-vectors', 'core');

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

    it('is in the zones of the foundation, by their ids', () => {
      const zonesOf = (template: SynthesizedTemplate) =>
        resourcesOfType(template, 'AWS::EC2::Subnet').map(
          ([, { Properties }]) => ({
            id: Properties.AvailabilityZoneId,
            name: Properties.AvailabilityZone,
          }),
        );
      const isolated = zonesOf(
        stackOf(synthesized, 'isolated-s3-vectors', 'core'),
      );
      const [first, second] = ['Zone1', 'Zone2'].map(Ref => ({ id: { Ref } }));
      expect(isolated).toEqual([first, first, second, second]);
      const foundation = templates.get(manifest.foundation.template)!;
      const nothing = { Ref: 'AWS::NoValue' };
      expect(zonesOf(foundation)[0]).toEqual({
        id: { 'Fn::If': ['HasZone1', { Ref: 'Zone1' }, nothing] },
        name: {
          'Fn::If': [
            'HasZone1',
            nothing,
            { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
          ],
        },
      });
      expect(foundation.Outputs).toMatchObject(
        Object.fromEntries(
          ['1', '2'].map(index => [
            `Zone${index}`,
            {
              Value: {
                'Fn::GetAtt': [`PrivateSubnet${index}`, 'AvailabilityZoneId'],
              },
            },
          ]),
        ),
      );
    });

    it.each([
      ['', true],
      ['use1-az1', true],
      ['usgw1-az3', true],
      ['us-east-1b', false],
      ['usw2-lax1-az1', false],
    ])('takes %j for a zone: %s', (value, isTaken) => {
      const { Zone1 } = templates.get(manifest.foundation.template)!.Parameters;
      expect(new RegExp(String(Zone1.AllowedPattern)).test(value)).toBe(
        isTaken,
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
      // For those who write the record themselves.
      expect(core.Outputs.DomainTarget).toMatchObject({
        Condition: 'HasBaseDomainName',
        Value: { 'Fn::GetAtt': ['Domain', 'RegionalDomainName'] },
      });
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

    it.each([
      ['sandbox', ['LoadBalancerArn', 'LoadBalancerDnsName', 'VpcLinkId']],
      ['standard', ['PrivateSubnetIds', 'VpcCidr', 'VpcId', 'VpcLinkId']],
      ['isolated', ['IsolatedVpcCidr', 'Zone1', 'Zone2']],
    ])('says what the API of a %s is made of', (tier, parameters) => {
      const blueprint = manifest.environments.find(
        ({ id }) => id === `${tier}-s3-vectors`,
      )!;
      expect(blueprint.core.apiParameters).toEqual([
        ...(tier === 'sandbox' ? [] : ['AccessLogBucketName']),
        ...['AppAllowedCidrs', 'EnvironmentName', ...parameters],
      ]);
      // Deployments go by no other condition, so parameters behind one would be missed.
      const { Api } = stackOf(synthesized, blueprint.id, 'core').Resources;
      const conditions = JSON.stringify(Api).matchAll(/"Fn::If":\["(\w+)"/g);
      expect([...conditions].map(([, name]) => name)).toEqual(['IsRunning']);
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
      const isolated = stackOf(synthesized, 'isolated-s3-vectors', 'core');
      expect(isolated.Resources.NatRoute.Condition).toBe('IsRunning');
      const names = resourcesOfType(isolated, 'AWS::EC2::VPCEndpoint').map(
        ([, { Properties }]) => JSON.stringify(Properties.ServiceName),
      );
      expect(names).toHaveLength(10);
      expect(names.filter(name => name.includes('cognito'))).toEqual([]);
      for (const id of ['sandbox-s3-vectors', 'standard-s3-vectors']) {
        const { Rules } = stackOf(synthesized, id, 'core');
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
