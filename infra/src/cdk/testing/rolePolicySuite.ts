import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDS } from '../policies/taskStatements';
import { statementsOf } from './policyStatements';
import { repositoryRoot } from './repositoryRoot';
import { resourcesOfType, stackOf, type Synthesized } from './synthesize';

/** What the roles of an environment may do. */
export function describeRolePolicies(synthesized: Synthesized): void {
  const { manifest, templates } = synthesized;
  describe('policies of an environment’s roles', () => {
    it('let every role of an environment be made under the boundary', () => {
      for (const { core, services } of manifest.environments) {
        const roles = resourcesOfType(
          templates.get(core.template)!,
          'AWS::IAM::Role',
        );
        expect(roles.length).toBeGreaterThan(2);
        for (const [, { Properties }] of roles) {
          expect(Properties.PermissionsBoundary).toEqual({
            Ref: 'PermissionsBoundaryArn',
          });
        }
        expect(services.resourcesByType).not.toHaveProperty('AWS::IAM::Role');
      }
    });

    it('allow nothing that the boundary does not', () => {
      const foundation = templates.get(manifest.foundation.template)!;
      const boundary = new Set(
        statementsOf(
          foundation.Resources.PermissionsBoundary.Properties,
        ).flatMap(({ Action }) => [Action].flat()),
      );
      for (const { core } of manifest.environments) {
        const template = templates.get(core.template)!;
        for (const [id, { Properties }] of resourcesOfType(
          template,
          'AWS::IAM::Role',
        )) {
          const beyond = statementsOf(Properties)
            .flatMap(({ Action }) => [Action].flat())
            .filter(action => !boundary.has(action));
          expect({ id, beyond }).toEqual({ id, beyond: [] });
        }
      }
    });

    it('give each task its own records', () => {
      const { Resources } = stackOf(synthesized, 'standard-s3-vectors', 'core');
      const written = (id: string) =>
        statementsOf(Resources[id].Properties).find(
          ({ Sid }) => Sid === 'WriteRecords',
        )!.Condition!['ForAllValues:StringLike']['dynamodb:LeadingKeys'];
      expect(written('PromptManagementRole')).toEqual([
        'applications',
        'applications#*',
        'platform#*',
        'prompts#*',
      ]);
      expect(written('WorkerVectorizationRole')).not.toContain('documents#*');
    });

    it('give the app nothing by its role', () => {
      const { Resources } = stackOf(synthesized, 'standard-s3-vectors', 'core');
      expect(Resources.AppRole.Properties).not.toHaveProperty('Policies');
    });

    it('invoke models through profiles of the environment alone', () => {
      const { Resources } = stackOf(synthesized, 'standard-s3-vectors', 'core');
      const statements = statementsOf(Resources.ModelInvocationRole.Properties);
      const models = statements.find(({ Sid }) => Sid === 'Models')!;
      expect(models.Condition).toEqual({
        StringEquals: {
          'aws:ResourceTag/genai:environment': { Ref: 'EnvironmentName' },
        },
      });
      const behind = statements.find(({ Sid }) => Sid === 'ModelsBehindThem')!;
      expect(behind.Resource).toEqual({ Ref: 'FoundationModelArns' });
      expect(behind.Condition).toHaveProperty([
        'StringLike',
        'bedrock:InferenceProfileArn',
      ]);
    });

    it('know the keys of all records that services write', () => {
      const root = repositoryRoot();
      const folders = ['*/src/adapters/aws', 'runtime/src/platform/aws'];
      const files = folders.flatMap(folder =>
        globSync(`services/${folder}/**/*.ts`, {
          cwd: root,
          exclude: path => /testing|\.test\.ts$/.test(path),
        }),
      );
      const used = files.flatMap(file =>
        [
          ...readFileSync(join(root, file), 'utf8').matchAll(
            /['"`]([a-z]{3,})#/g,
          ),
        ].map(([, prefix]) => `${prefix}#*`),
      );
      expect(used.length).toBeGreaterThan(10);
      expect(new Set(Object.values(RECORDS).flat())).toEqual(
        new Set([...used, 'applications']),
      );
    });
  });
}
