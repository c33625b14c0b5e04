/**
 * Types of resources that ministack 1.5.33 does not know. The lane leaves them out of the
 * templates, so it says nothing about them; the fake of the AWS module and cfn-lint do.
 */
export const DROPPED_TYPES = [
  'AWS::ApiGatewayV2::VpcLink',
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::Bedrock::ApplicationInferenceProfile',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::NatGateway',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::S3Vectors::VectorBucket',
  'AWS::WAFv2::WebACLAssociation',
];

type Resource = {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
};

type Template = { Resources: Record<string, Resource> };

/** An alarm on an expression over metrics; ministack has alarms on one metric. */
function isAlarmOnExpression({ Type, Properties }: Resource): boolean {
  return Type === 'AWS::CloudWatch::Alarm' && 'Metrics' in (Properties ?? {});
}

/**
 * The template without what ministack lacks. What refers to a dropped resource gets a text
 * that names it.
 */
export function withoutDropped(text: string): {
  text: string;
  droppedTypes: string[];
} {
  const template: Template = JSON.parse(text);
  const entries = Object.entries(template.Resources);
  const dropped = new Map(
    entries.filter(
      ([, resource]) =>
        DROPPED_TYPES.includes(resource.Type) || isAlarmOnExpression(resource),
    ),
  );
  const kept = entries
    .filter(([id]) => !dropped.has(id))
    .map(([id, resource]) => [id, withoutDependencies(resource, dropped)]);
  const Resources = Object.fromEntries(kept);
  const isGone = (id: unknown) => dropped.has(String(id));
  return {
    text: JSON.stringify(replaceReferences({ ...template, Resources }, isGone)),
    droppedTypes: [...dropped.values()].map(({ Type }) => Type),
  };
}

function withoutDependencies(
  resource: Resource,
  dropped: ReadonlyMap<string, unknown>,
): Resource {
  const { DependsOn, ...rest } = resource;
  if (!DependsOn) return rest;
  const left = [DependsOn].flat().filter(id => !dropped.has(id));
  return { ...rest, DependsOn: left };
}

function replaceReferences(
  value: unknown,
  isGone: (id: unknown) => boolean,
): unknown {
  if (Array.isArray(value)) {
    return value.map(item => replaceReferences(item, isGone));
  }
  if (value === null || typeof value !== 'object') return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  if (isGone(Ref)) return `dropped-${Ref}`;
  const owner = Array.isArray(attribute) ? attribute[0] : undefined;
  if (isGone(owner)) return `dropped-${owner}`;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      replaceReferences(item, isGone),
    ]),
  );
}
