import { fill } from './documentedPolicySuite';
import { hasTag, MOST_CHARACTERS, statementsOf } from './policyStatements';
import type { Synthesized } from './synthesize';

/** What the portal and CloudFormation may do, by the policies of the foundation. */
export function describeFoundationPolicies({
  templates,
  manifest,
}: Synthesized): void {
  describe('policies of the foundation', () => {
    const { Resources } = templates.get(manifest.foundation.template)!;

    it('delete and change networks, gateways and web ACLs by the tag of environments', () => {
      const changing =
        /^ec2:(Delete(?!Tags)|Detach|Replace|Release)|^apigateway:DELETE$|^wafv2:(Delete|Update)/;
      const untagged = statementsOf(Resources.ServiceNetworkPolicy.Properties)
        .filter(statement => !hasTag(statement))
        .flatMap(({ Sid, Action }) => [Action].flat().map(each => [Sid, each]))
        .filter(([, action]) => changing.test(action!));
      expect(untagged).toEqual([
        ['TagsAndRules', 'apigateway:DELETE'],
        ['TagsAndRules', 'wafv2:UpdateWebACL'],
      ]);
    });

    it('are no longer than IAM takes', () => {
      const managed = Object.entries(Resources).filter(
        ([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy',
      );
      expect(managed).toHaveLength(6);
      for (const [id, { Properties }] of managed) {
        const characters = JSON.stringify(rendered(Properties)).length;
        expect({ id, isShort: characters <= MOST_CHARACTERS }).toEqual({
          id,
          isShort: true,
        });
      }
    });

    it('keep the portal from emptying the buckets of the foundation', () => {
      const statements = statementsOf(
        Resources.PortalEnvironmentsPolicy.Properties,
      );
      const of = (sid: string) => statements.find(({ Sid }) => Sid === sid)!;
      const denied = of('KeepTemplatesAndLogs');
      const deletions = [of('EmptyBuckets').Action]
        .flat()
        .filter(action => action.includes('Delete'));
      expect(denied.Effect).toBe('Deny');
      expect(denied.Action).toEqual(expect.arrayContaining(deletions));
      const buckets = Object.entries(Resources)
        .filter(([, { Type }]) => Type === 'AWS::S3::Bucket')
        .map(([id]) => ({ 'Fn::GetAtt': [id, 'Arn'] }));
      expect(buckets.length).toBeGreaterThan(1);
      expect(denied.Resource).toEqual(
        expect.arrayContaining(
          buckets.flatMap(bucket => [
            bucket,
            { 'Fn::Join': ['', [bucket, '/*']] },
          ]),
        ),
      );
      // Of foundations in other regions, by the names that CloudFormation gives them.
      const patterns = fill(denied.Resource) as string[];
      for (const id of ['TemplateBucket', 'AccessLogBucket']) {
        expect(Resources[id].Properties).not.toHaveProperty('BucketName');
        expect(patterns).toContain(
          `arn:aws:s3:::genai-foundation-${id.toLowerCase()}-*`,
        );
      }
    });

    it('keep the foundation from being changed like an environment', () => {
      const statement = (policy: string, sid: string) =>
        statementsOf(Resources[policy].Properties).find(
          ({ Sid }) => Sid === sid,
        )!;
      const writing = (actions: string | string[]) =>
        [actions]
          .flat()
          .filter(each => !/:(Describe|Detect|Get|List)/.test(each));
      for (const [policy, denying, allowing, resource] of [
        [
          'ServiceComputePolicy',
          'KeepRolesOfFoundation',
          ['RolesUnderTheBoundary', 'Roles', 'PassRolesToTasks'],
          'role/genai-foundation-*',
        ],
        [
          'PortalStacksPolicy',
          'KeepFoundation',
          ['ChangeStacks', 'Stacks'],
          'stack/genai-foundation/*',
        ],
      ] as const) {
        const denied = statement(policy, denying);
        expect(denied.Effect).toBe('Deny');
        expect(denied.Condition).toBeUndefined();
        expect(JSON.stringify(denied.Resource)).toContain(resource);
        expect(denied.Action).toEqual(
          expect.arrayContaining(
            allowing.flatMap(sid => writing(statement(policy, sid).Action)),
          ),
        );
      }
    });

    it('touch no pool of users that is not an environment’s', () => {
      for (const { Effect, Action, Resource, Condition } of statementsOf(
        Resources.ServiceDataPolicy.Properties,
      )) {
        const isOnPools = JSON.stringify(Resource).includes('userpool/');
        if (Effect !== 'Allow' || !isOnPools) continue;
        const isOfNew =
          JSON.stringify(Action) === '["cognito-idp:TagResource"]';
        const tag = isOfNew ? 'RequestTag' : 'ResourceTag';
        expect(Condition).toEqual({
          Null: { [`aws:${tag}/genai:environment`]: 'false' },
        });
      }
    });
  });
}

/** With values of about the length that CloudFormation puts in. */
function rendered(properties: Record<string, any>): unknown {
  return JSON.parse(
    JSON.stringify(properties.PolicyDocument, (_key, value) => {
      if (value?.['Fn::Join']) {
        const [separator, parts] = value['Fn::Join'];
        return parts
          .map((part: unknown) =>
            typeof part === 'string' ? part : 'ap-southeast-1',
          )
          .join(separator);
      }
      if (value?.['Fn::Sub']) {
        return value['Fn::Sub'].replace(/\$\{[^}]+\}/g, 'ap-southeast-1');
      }
      return value?.Ref || value?.['Fn::GetAtt']
        ? 'arn:aws:iam::111122223333:policy/genai-foundation-PermissionsBoundary-ABCDEFGHIJKL'
        : value;
    }),
  );
}
