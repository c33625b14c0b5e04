/**
 * Types of resources that ministack 1.5.33 does not know. The lane leaves them out of the
 * templates, so it says nothing about them; the fake of the AWS module and cfn-lint do.
 */
const DROPPED_TYPES = [
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

/**
 * Attributes that ministack does not tell, and what stands in their place: the lane says
 * nothing about what they are.
 */
const REPLACED_ATTRIBUTES: Array<{
  type: string;
  attribute: string;
  text: string;
}> = [
  {
    type: 'AWS::EC2::Subnet',
    attribute: 'AvailabilityZoneId',
    text: 'use1-az1',
  },
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
 *
 * @returns names what was left out: types, and attributes as `<type>.<attribute>`
 */
export function withoutDropped(text: string): {
  text: string;
  dropped: string[];
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
  const replaced = new Set<string>();
  const insteadOf = (id: unknown, attribute?: unknown) => {
    if (dropped.has(String(id))) return `dropped-${id}`;
    const { Type } = template.Resources[String(id)] ?? {};
    const known = REPLACED_ATTRIBUTES.find(
      each => each.type === Type && each.attribute === attribute,
    );
    if (known) replaced.add(nameOf(known));
    return known?.text;
  };
  return {
    text: JSON.stringify(
      replaceReferences({ ...template, Resources }, insteadOf),
    ),
    dropped: [...[...dropped.values()].map(({ Type }) => Type), ...replaced],
  };
}

/** Of these, what no template has. */
export function findNeedless(dropped: ReadonlySet<string>): string[] {
  return [...DROPPED_TYPES, ...REPLACED_ATTRIBUTES.map(nameOf)].filter(
    name => !dropped.has(name),
  );
}

function nameOf({
  type,
  attribute,
}: {
  type: string;
  attribute: string;
}): string {
  return `${type}.${attribute}`;
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
  insteadOf: (id: unknown, attribute?: unknown) => string | undefined,
): unknown {
  if (Array.isArray(value)) {
    return value.map(item => replaceReferences(item, insteadOf));
  }
  if (value === null || typeof value !== 'object') return value;
  const { Ref, 'Fn::GetAtt': attribute } = value as Record<string, unknown>;
  const [id, name] = Array.isArray(attribute) ? attribute : [Ref];
  const text = insteadOf(id, name);
  if (text !== undefined) return text;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      replaceReferences(item, insteadOf),
    ]),
  );
}
