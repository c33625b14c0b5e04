import type { Region } from '../Region';
import type { Resource } from './Stack';
import { namingProperty } from './schemas';

const SECOND = 1000;

/** How long CloudFormation takes to make one; most take five seconds. */
const CREATE_MS: Record<string, number> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 150 * SECOND,
  'AWS::ECS::Service': 90 * SECOND,
  'AWS::ApiGateway::VpcLink': 180 * SECOND,
  'AWS::EC2::VPC': 15 * SECOND,
  'AWS::IAM::Role': 18 * SECOND,
  'AWS::DynamoDB::Table': 15 * SECOND,
  'AWS::KMS::Key': 12 * SECOND,
};

export function durationOf(type: string): number {
  return CREATE_MS[type] ?? 5 * SECOND;
}

let counter = 0;

/** Names the resource as AWS would: by its own name, or one made up from the stack's. */
export function newPhysicalId(
  region: Region,
  stackName: string,
  resource: Pick<Resource, 'type' | 'logicalId' | 'properties'>,
): string {
  const { type, logicalId, properties } = resource;
  const unique = (counter++).toString(36).padStart(6, '0');
  const { accountId, name } = region;
  switch (type) {
    case 'AWS::Cognito::UserPool':
      return `${name}_${unique.toUpperCase()}`;
    case 'AWS::ECS::Service':
      return `arn:aws:ecs:${name}:${accountId}:service/${
        properties.Cluster ?? 'default'
      }/${properties.ServiceName ?? `${stackName}-${unique}`}`;
    case 'AWS::ECS::TaskDefinition':
      return `arn:aws:ecs:${name}:${accountId}:task-definition/${
        properties.Family ?? stackName
      }:${counter}`;
    case 'AWS::SecretsManager::Secret':
      return `arn:aws:secretsmanager:${name}:${accountId}:secret:${
        properties.Name ?? `${stackName}-${unique}`
      }-${unique}`;
    case 'AWS::ApiGateway::RestApi':
      return `api${unique}`;
    default: {
      const naming = namingProperty(type);
      const given = naming && properties[naming];
      if (typeof given === 'string') return given;
      const made = `${stackName}-${logicalId}-${unique}`;
      return /Bucket/.test(type) ? made.toLowerCase().slice(-63) : made;
    }
  }
}

/** Attributes of a resource, for `Fn::GetAtt`. */
export function attributeOf(
  region: Region,
  resource: Resource,
  attribute: string,
): unknown {
  if (attribute in resource.attributes) return resource.attributes[attribute];
  const { type, physicalId, properties } = resource;
  const { accountId, name } = region;
  if (type === 'AWS::Cognito::UserPool' && attribute === 'ProviderURL') {
    return `https://cognito-idp.${name}.amazonaws.com/${physicalId}`;
  }
  if (type === 'AWS::ECS::Service' && attribute === 'Name') {
    return physicalId.split('/').at(-1);
  }
  if (type === 'AWS::ECR::Repository' && attribute === 'RepositoryUri') {
    return `${accountId}.dkr.ecr.${name}.amazonaws.com/${physicalId}`;
  }
  if (type === 'AWS::EC2::Subnet' && attribute === 'AvailabilityZoneId') {
    return properties.AvailabilityZoneId ?? zoneId(properties.AvailabilityZone);
  }
  if (/^(Id|Ref|Name)$/.test(attribute)) return physicalId;
  if (/Arn$/.test(attribute)) {
    if (physicalId.startsWith('arn:')) return physicalId;
    const service = type.split('::')[1].toLowerCase();
    return type === 'AWS::S3::Bucket'
      ? `arn:aws:s3:::${physicalId}`
      : `arn:aws:${service}:${name}:${accountId}:${physicalId}`;
  }
  return properties[attribute] ?? `${physicalId}.${attribute}`;
}

/** `eu-central-1a` → `euc1-az1`, in this account. */
function zoneId(name: string): string {
  return name.replace(
    /^(\w+)-(\w)\w+-(\d)(\w)$/,
    (_, continent, direction, number, letter) =>
      `${continent}${direction}${number}-az${parseInt(letter, 36) - 9}`,
  );
}

/** What exists beside the resource itself comes and goes with it. */
export function materialize(region: Region, resource: Resource): void {
  const { type, physicalId, properties } = resource;
  if (type === 'AWS::S3::Bucket') region.buckets.set(physicalId, new Map());
  if (type === 'AWS::S3Vectors::VectorBucket') {
    region.vectorIndexes.set(physicalId, new Set());
  }
  if (type === 'AWS::ECR::Repository') region.images.set(physicalId, new Set());
  if (type === 'AWS::Cognito::UserPool') {
    region.userPools.set(physicalId, { id: physicalId, clients: new Map() });
  }
  if (type === 'AWS::SecretsManager::Secret') {
    region.secrets.set(physicalId, {
      name: properties.Name ?? physicalId.split(':secret:')[1].slice(0, -7),
      arn: physicalId,
      tags: {},
      ofStack: true,
      createdAt: 0,
      versions: [
        {
          id: region.newId(),
          stages: ['AWSCURRENT'],
          value: generated(properties),
        },
      ],
    });
  }
}

export function dematerialize(region: Region, resource: Resource): void {
  const { type, physicalId } = resource;
  if (type === 'AWS::S3::Bucket') region.buckets.delete(physicalId);
  if (type === 'AWS::S3Vectors::VectorBucket') {
    region.vectorIndexes.delete(physicalId);
  }
  if (type === 'AWS::ECR::Repository') region.images.delete(physicalId);
  if (type === 'AWS::Cognito::UserPool') region.userPools.delete(physicalId);
  if (type === 'AWS::SecretsManager::Secret') region.secrets.delete(physicalId);
}

/** Why the resource cannot be deleted just now. */
export function deletionBlocker(
  region: Region,
  resource: Resource,
): string | undefined {
  const { type, physicalId, properties } = resource;
  if (type === 'AWS::S3::Bucket' && region.buckets.get(physicalId)?.size) {
    return 'The bucket you tried to delete is not empty (Service: S3, Status Code: 409)';
  }
  const indexes = region.vectorIndexes.get(physicalId);
  if (type === 'AWS::S3Vectors::VectorBucket' && indexes?.size) {
    return 'The vector bucket is not empty (Service: S3Vectors, Status Code: 409)';
  }
  const images = region.images.get(physicalId);
  if (type === 'AWS::ECR::Repository' && images?.size) {
    if (!properties.EmptyOnDelete) {
      return `The repository with name '${physicalId}' cannot be deleted because it still contains images`;
    }
  }
  return undefined;
}

function generated(properties: Record<string, any>): string {
  const { GenerateSecretString, SecretString = '' } = properties;
  if (!GenerateSecretString) return SecretString;
  const random = `generated-${(counter++).toString(36)}-${'x'.repeat(40)}`;
  const { SecretStringTemplate, GenerateStringKey } = GenerateSecretString;
  if (!GenerateStringKey) return random;
  return JSON.stringify({
    ...JSON.parse(SecretStringTemplate ?? '{}'),
    [GenerateStringKey]: random,
  });
}
