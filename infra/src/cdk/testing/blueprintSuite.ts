import { createHash } from 'node:crypto';
import type { StackBlueprint } from '../../manifest/manifest';
import { synthesize, type Synthesized } from './synthesize';

const MOST_RESOURCES = 450;
const MOST_BYTES = 900_000;
/** What CloudFormation takes without a bucket to fetch it from. */
const MOST_BYTES_INLINE = 51_200;

/** What a provisioner relies on. */
export function describeBlueprints({
  manifest,
  texts,
  templates,
}: Synthesized): void {
  describe('the blueprints', () => {
    const stacks: StackBlueprint[] = [
      manifest.foundation,
      ...manifest.environments.flatMap(({ core, services }) => [
        core,
        services,
      ]),
    ];

    it('are a foundation, and two templates for each tier and vector store', () => {
      expect([...templates.keys()]).toHaveLength(13);
      expect(manifest.environments.map(({ id }) => id)).toEqual([
        'sandbox-s3-vectors',
        'sandbox-opensearch-serverless',
        'standard-s3-vectors',
        'standard-opensearch-serverless',
        'isolated-s3-vectors',
        'isolated-opensearch-serverless',
      ]);
    });

    it('are the same bytes when they are made again', () => {
      const again = synthesize({ isChecked: false });
      expect([...again.texts.keys()]).toEqual([...texts.keys()]);
      for (const [name, text] of texts)
        expect(again.texts.get(name)).toBe(text);
    });

    it('stay within what CloudFormation takes', () => {
      for (const { resourceCount, bytes } of stacks) {
        expect(resourceCount).toBeLessThanOrEqual(MOST_RESOURCES);
        expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
      }
      expect(manifest.foundation.bytes).toBeLessThanOrEqual(MOST_BYTES_INLINE);
    });

    it('have neither assets nor a bootstrapped account', () => {
      for (const text of texts.values()) {
        expect(text).not.toContain('cdk-bootstrap');
        expect(text).not.toContain('BootstrapVersion');
        expect(text).not.toContain('cdk-hnb659fds');
        expect(text).not.toContain('AWS::CDK::Metadata');
        expect(text).not.toContain('AWS::CloudFormation::Stack"');
        expect(text).not.toContain('AWS::Lambda::Function');
      }
    });

    it('are told apart by their digests', () => {
      for (const { template, sha256 } of stacks) {
        const digest = createHash('sha256')
          .update(texts.get(template)!)
          .digest('hex');
        expect(sha256).toBe(digest);
      }
    });

    it('have the parameters and outputs that the manifest names', () => {
      for (const stack of stacks) {
        const { Parameters, Outputs } = templates.get(stack.template)!;
        expect(stack.parameters.map(({ name }) => name).sort()).toEqual(
          Object.keys(Parameters).sort(),
        );
        expect(stack.outputs.map(({ name }) => name).sort()).toEqual(
          Object.keys(Outputs).sort(),
        );
      }
    });

    it('copy outputs that the other stack has', () => {
      for (const { core, services } of manifest.environments) {
        const known = {
          foundation: manifest.foundation.outputs,
          core: core.outputs,
        };
        for (const { source, name } of [
          ...core.parameters,
          ...services.parameters,
        ]) {
          if (source.from !== 'output') continue;
          const names = known[source.stack].map(output => output.name);
          expect({ name, names }).toEqual({
            name,
            names: expect.arrayContaining([source.output]),
          });
        }
      }
    });

    it('say what must be empty before it can be deleted', () => {
      for (const { vectorStore, core } of manifest.environments) {
        const outputs = core.emptyBeforeDelete.map(({ output }) => output);
        expect(outputs).toEqual(
          vectorStore === 's3-vectors'
            ? ['BucketName', 'VectorBucketName', 'AppRepositoryName']
            : ['BucketName', 'AppRepositoryName'],
        );
        expect(core.outputs.map(({ name }) => name)).toEqual(
          expect.arrayContaining(outputs),
        );
      }
    });

    it('hold no secret', () => {
      for (const [name, { Resources }] of templates) {
        for (const { Type, Properties } of Object.values(Resources)) {
          if (Type !== 'AWS::SecretsManager::Secret') continue;
          expect({ name, Properties }).not.toHaveProperty(
            'Properties.SecretString',
          );
        }
      }
    });

    it('cost what was promised', () => {
      const cost = (id: string) =>
        manifest.environments.find(each => each.id === id)!.cost;
      expect(cost('sandbox-s3-vectors').idleMonthlyUsd).toBeLessThanOrEqual(20);
      expect(cost('standard-s3-vectors').idleMonthlyUsd).toBeLessThanOrEqual(
        65,
      );
      expect(cost('sandbox-s3-vectors').hibernatedMonthlyUsd).toBeLessThan(3);
      expect(cost('standard-s3-vectors').hibernatedMonthlyUsd).toBeLessThan(3);
    });

    it('are created as quickly as was promised, as far as estimates go', () => {
      const seconds = (id: string) =>
        manifest.environments.find(each => each.id === id)!.creation.seconds;
      expect(seconds('sandbox-s3-vectors')).toBeLessThanOrEqual(180);
      expect(seconds('standard-s3-vectors')).toBeLessThanOrEqual(360);
    });
  });
}
