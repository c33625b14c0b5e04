import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repositoryRoot';
import { resourcesOfType, stackOf, type Synthesized } from './synthesize';

/** What runs in an environment. */
export function describeServices(synthesized: Synthesized): void {
  const { manifest } = synthesized;
  describe('the services of an environment', () => {
    const services = stackOf(synthesized, 'standard-s3-vectors', 'services');

    it('run as users without rights, on a file system that is read-only', () => {
      for (const id of ['standard-s3-vectors', 'sandbox-s3-vectors']) {
        const definitions = resourcesOfType(
          stackOf(synthesized, id, 'services'),
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
        stackOf(synthesized, 'sandbox-s3-vectors', 'services'),
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
        const stack = stackOf(synthesized, `${tier}-s3-vectors`, 'services');
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

    it.each(['sandbox', 'standard', 'isolated'])(
      'ring when fewer tasks answer than were asked for, or none is known, in tier %s',
      tier => {
        const stack = stackOf(synthesized, `${tier}-s3-vectors`, 'services');
        const groups = resourcesOfType(
          stack,
          'AWS::ElasticLoadBalancingV2::TargetGroup',
        ).map(([id]) => id.replace(/TargetGroup$/, ''));
        expect(groups.length).toBeGreaterThan(1);
        for (const id of groups) {
          const { Properties, DependsOn } = stack.Resources[`${id}HealthAlarm`];
          expect(Properties).toMatchObject({
            MetricName: 'HealthyHostCount',
            Statistic: 'Maximum',
            ComparisonOperator: 'LessThanThreshold',
            Threshold: { Ref: `Tasks${id}` },
            Period: 300,
            EvaluationPeriods: 2,
            // A target group without targets reports nothing.
            TreatMissingData: 'breaching',
          });
          // Made when tasks answer, and gone before they are stopped.
          expect([DependsOn].flat()).toContain(`${id}Service`);
        }
      },
    );

    it('are found by the header that the gateway sets', () => {
      const sandbox = stackOf(synthesized, 'sandbox-s3-vectors', 'services');
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
