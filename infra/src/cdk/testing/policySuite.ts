import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDS } from '../policies/taskStatements';
import { fill } from './documentedPolicySuite';
import {
  resourcesOfType,
  type Synthesized,
  type SynthesizedTemplate,
} from './synthesize';
import { repositoryRoot } from './repositoryRoot';

/** Of a managed policy, without white space. */
const MOST_CHARACTERS = 6144;

type PolicyStatement = {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
};

/** Actions that IAM cannot limit to a resource, or that make one which has no ARN yet. */
const WITHOUT_RESOURCE = [
  // Descriptions and lists.
  /^(ec2|elasticloadbalancing|application-autoscaling):Describe/,
  /^cloudformation:(DescribeStackDriftDetectionStatus|DescribeStacks|ListStacks)$/,
  /^logs:(DescribeLogGroups|DescribeResourcePolicies|ListLogDeliveries)$/,
  /^bedrock:(ListFoundationModels|ListInferenceProfiles)$/,
  /^cloudwatch:(DescribeAlarms|GetMetricData|PutCompositeAlarm)$/,
  /^tag:GetResources$/,
  /^secretsmanager:ListSecrets$/,
  /^ecs:DescribeTaskDefinition$/,
  // Of the whole registry, and of documents that are no resources.
  /^ecr:GetAuthorizationToken$/,
  /^textract:(Start|Get)DocumentAnalysis$/,
  /^secretsmanager:GetRandomPassword$/,
  // What is made has no ARN before.
  /^kms:CreateKey$/,
  /^cognito-idp:(CreateUserPool|DescribeUserPoolDomain)$/,
  /^ecs:(Register|Deregister)TaskDefinition$/,
  /^logs:(Create|Delete|Get|Update)LogDelivery$/,
  // Policies of collections have names and no ARNs.
  /^aoss:/,
];

/**
 * Where all resources of a type are covered, whoever has made them, and no tag says whose they
 * are: by the resource and the actions, as `service:type/*`.
 */
const WHOLE_TYPES: Array<{ type: RegExp; actions: RegExp; reason: string }> = [
  {
    type: /^ec2:(elastic-ip|internet-gateway|natgateway|route-table|security-group|security-group-rule|subnet|vpc|vpc-endpoint|vpc-flow-log)\/\*$/,
    actions:
      /^ec2:(AllocateAddress|Create\w+|DeleteTags|AuthorizeSecurityGroup\w+|RevokeSecurityGroupEgress|Modify(Subnet|Vpc)Attribute)$/,
    reason: 'Asked while something is made, perhaps before it has its tags.',
  },
  {
    type: /^apigateway:\/(restapis|domainnames|vpclinks)\/\*$/,
    actions:
      /^apigateway:(GET|PATCH|POST|PUT|SetWebACL|(Unt|T)agResource|UpdateRestApiPolicy)$/,
    reason: 'Asked while an API is made, perhaps before it has its tags.',
  },
  {
    type: /^apigateway:\/tags\/\*$/,
    actions: /^apigateway:/,
    reason: 'Tags have no tags.',
  },
  {
    type: /^(wafv2:regional\/webacl\/\*|apigateway:\/restapis\/\*\/stages\/\*)$/,
    actions:
      /^wafv2:(AssociateWebACL|CreateWebACL|DisassociateWebACL|GetWebACL(ForResource)?|ListTagsForResource|(Unt|T)agResource)$/,
    reason: 'A web ACL is the foundation’s or new, a stage may be new.',
  },
  {
    type: /^wafv2:regional\/managedruleset\/\*$/,
    actions: /^wafv2:/,
    reason: 'Groups of rules are AWS’s own.',
  },
  {
    type: /^route53:(hostedzone|change)\/\*$/,
    actions:
      /^route53:(ChangeResourceRecordSets|GetChange|GetHostedZone|ListResourceRecordSets)$/,
    reason:
      'The zone is a setting, and not the environment’s; only addresses are written.',
  },
  {
    type: /^bedrock:((application-)?inference-profile|foundation-model)\/\*$/,
    actions:
      /^bedrock:(\w+InferenceProfile|InvokeModel(WithResponseStream)?|ListTagsForResource|(Unt|T)agResource)$/,
    reason:
      'Those of AWS have no tags; roles of tasks name their own, below the boundary.',
  },
  {
    type: /^application-autoscaling:scalable-target\/\*$/,
    actions: /^application-autoscaling:/,
    reason: 'What is scaled is a service of ECS, which has its name.',
  },
  {
    type: /^ecs:capacity-provider\/FARGATE\*$/,
    actions: /^ecs:/,
    reason: 'They are AWS’s own.',
  },
  {
    type: /^iam:role\/aws-service-role\/\*$/,
    actions: /^iam:CreateServiceLinkedRole$/,
    reason: 'The condition names the services.',
  },
  {
    type: /^(aoss:collection|cognito-idp:userpool|kms:key)\/\*$/,
    actions:
      /^(aoss:APIAccessAll|cognito-idp:\w+UserPoolClients?|kms:(Decrypt|GenerateDataKey))$/,
    reason: 'The boundary is the most; roles of tasks name their own.',
  },
];

/** That nobody may do more than it needs. */
export function describePolicies({ templates, manifest }: Synthesized): void {
  describe('policies', () => {
    it('allow no action by a wildcard', () => {
      for (const [name, statement] of allStatements()) {
        if (statement.Effect === 'Deny') continue;
        const actions = [statement.Action].flat();
        expect({
          name,
          actions: actions.filter(each => each.includes('*')),
        }).toEqual({ name, actions: [] });
      }
    });

    it('cover all resources only where IAM knows none', () => {
      for (const [name, { Effect, Action, Resource }] of allStatements()) {
        if (Effect === 'Deny' || Resource !== '*') continue;
        const rest = [Action]
          .flat()
          .filter(action => !WITHOUT_RESOURCE.some(each => each.test(action)));
        expect({ name, rest }).toEqual({ name, rest: [] });
      }
    });

    it('cover whole types of resources only where it is said why', () => {
      const used = new Set<object>();
      for (const [name, statement] of allStatements()) {
        if (statement.Effect === 'Deny' || hasTag(statement)) continue;
        const types = wholeTypes(statement.Resource);
        for (const action of types.length ? [statement.Action].flat() : []) {
          const [service] = action.split(':');
          const reasons = WHOLE_TYPES.filter(
            ({ type, actions }) =>
              actions.test(action) && types.some(each => type.test(each)),
          );
          const others = types
            .filter(each => each.startsWith(`${service}:`))
            .filter(each => !reasons.some(({ type }) => type.test(each)));
          const unexplained = reasons.length > 0 ? others : types;
          expect({ name, action, unexplained }).toEqual({
            ...{ name, action },
            unexplained: [],
          });
          for (const each of reasons) used.add(each);
        }
      }
      expect(WHOLE_TYPES.filter(each => !used.has(each))).toEqual([]);
    });

    it('delete and change networks, gateways and web ACLs by the tag of environments', () => {
      const { Resources } = templates.get(manifest.foundation.template)!;
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
      const { Resources } = templates.get(manifest.foundation.template)!;
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
      const { Resources } = coreOf('standard-s3-vectors');
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
      const { Resources } = coreOf('standard-s3-vectors');
      expect(Resources.AppRole.Properties).not.toHaveProperty('Policies');
    });

    it('keep the portal from emptying the buckets of the foundation', () => {
      const { Resources } = templates.get(manifest.foundation.template)!;
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
      const { Resources } = templates.get(manifest.foundation.template)!;
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
      const { Resources } = templates.get(manifest.foundation.template)!;
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

    it('invoke models through profiles of the environment alone', () => {
      const { Resources } = coreOf('standard-s3-vectors');
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

    function coreOf(id: string): SynthesizedTemplate {
      const { core } = manifest.environments.find(each => each.id === id)!;
      return templates.get(core.template)!;
    }

    function allStatements(): Array<[string, PolicyStatement]> {
      return [...templates].flatMap(([template, { Resources }]) =>
        Object.entries(Resources)
          .filter(([, { Type }]) => Type.startsWith('AWS::IAM::'))
          .flatMap(([id, { Properties }]) =>
            statementsOf(Properties).map(
              statement =>
                [`${template} ${id} ${statement.Sid}`, statement] as [
                  string,
                  PolicyStatement,
                ],
            ),
          ),
      );
    }
  });
}

/** That a statement is limited to what has, or is given, the tag of environments. */
function hasTag({ Condition = {} }: PolicyStatement): boolean {
  return Object.values(Condition).some(each =>
    Object.keys(each).some(key => /^aws:Re\w+Tag\/genai:/.test(key)),
  );
}

/** As `service:type/*`, of those that end with a wildcard and name nothing of environments. */
function wholeTypes(resource: unknown): string[] {
  return ([fill(resource)].flat() as string[])
    .filter(each => /^arn:.*\*$/.test(each))
    .filter(each => !/genai[-/]|:TEMPLATE_BUCKET\//.test(each))
    .map(each => {
      const [, , service, , , ...type] = each.split(':');
      return `${service}:${type.join(':')}`;
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

/** Of a role with policies of its own, or of a policy. */
function statementsOf(properties: Record<string, any>): PolicyStatement[] {
  const documents = properties.PolicyDocument
    ? [properties.PolicyDocument]
    : (properties.Policies ?? []).map(
        ({ PolicyDocument }: { PolicyDocument: unknown }) => PolicyDocument,
      );
  return documents.flatMap(({ Statement }: any) => Statement);
}
