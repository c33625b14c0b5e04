import { fill } from './documentedPolicySuite';
import { hasTag, type PolicyStatement, statementsOf } from './policyStatements';
import type { Synthesized } from './synthesize';

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
export function describePolicies({ templates }: Synthesized): void {
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
