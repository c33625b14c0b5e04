import { AwsError } from '../AwsError';
import type { Region } from '../Region';
import type { Resource } from '../cloudformation/Stack';
import type { Operation } from '../cloudformation/api';

/** Images of repositories. Test code. */
export const ecr: Record<string, Operation> = {
  ListImages(region, { repositoryName }) {
    return {
      imageIds: [...images(region, repositoryName)].map(imageTag => ({
        imageTag,
      })),
    };
  },
  BatchDeleteImage(region, { repositoryName, imageIds }) {
    const all = images(region, repositoryName);
    for (const { imageTag } of imageIds) all.delete(imageTag);
    return { imageIds, failures: [] };
  },
  DescribeImages(region, { repositoryName, imageIds }) {
    const all = images(region, repositoryName);
    const wanted: string[] = imageIds?.map((id: any) => id.imageTag) ?? [
      ...all,
    ];
    const found = wanted.filter(tag => all.has(tag));
    if (imageIds && found.length === 0) {
      throw new AwsError('ImageNotFoundException', 'The image does not exist');
    }
    return {
      imageDetails: found.map(tag => ({
        imageTags: [tag],
        imageDigest: `sha256:${Buffer.from(tag)
          .toString('hex')
          .padEnd(64, '0')}`,
      })),
    };
  },
};

function images(region: Region, name: string): Set<string> {
  const found = region.images.get(name);
  if (found) return found;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist`,
  );
}

/** Keys, of which none ends at once. Test code. */
export const kms: Record<string, Operation> = {
  DescribeKey(region, { KeyId }) {
    const isIt = ({ type, physicalId }: Resource) =>
      type === 'AWS::KMS::Key' && KeyId.endsWith(`/${physicalId}`);
    if ([...region.resources.values()].some(isIt)) {
      return { KeyMetadata: { KeyId, KeyState: 'Enabled' } };
    }
    if (![...region.lingering].some(isIt)) {
      throw new AwsError('NotFoundException', `Key '${KeyId}' does not exist`);
    }
    return {
      KeyMetadata: {
        ...{ KeyId, KeyState: 'PendingDeletion' },
        DeletionDate: new Date(Date.UTC(2026, 11, 31)),
      },
    };
  },
};

/** What is there by tag, what was there until lately, and what AWS keeps. Test code. */
export const tagging: Record<string, Operation> = {
  GetResources(region, { TagFilters = [] }) {
    const has = (tags: Record<string, string> = {}) =>
      TagFilters.every(({ Key, Values = [] }: any) =>
        Values.length === 0 ? Key in tags : Values.includes(tags[Key]),
      );
    const resources = [...region.resources.values(), ...region.lingering]
      .filter(({ stackTags }) => has(stackTags))
      .map(({ type, physicalId, stackId, logicalId }) => ({
        ResourceARN: arnOf(region, type, physicalId),
        Tags: [
          { Key: 'aws:cloudformation:stack-id', Value: stackId },
          { Key: 'aws:cloudformation:logical-id', Value: logicalId },
        ],
      }));
    const others = [
      ...[...region.secrets.values()].filter(({ tags }) => has(tags)),
      ...region.stacks
        .filter(({ content }) => has(content?.tags))
        .map(({ id }) => ({ arn: id })),
    ].map(({ arn }) => ({ ResourceARN: arn, Tags: [] }));
    return {
      ResourceTagMappingList: [...resources, ...others],
      PaginationToken: '',
    };
  },
};

/** What stands before the name in ARNs of a type. */
const ARN_PREFIXES: Record<string, string> = {
  'AWS::KMS::Key': 'key/',
  'AWS::ECS::Cluster': 'cluster/',
  'AWS::DynamoDB::Table': 'table/',
  'AWS::Cognito::UserPool': 'userpool/',
  'AWS::ECR::Repository': 'repository/',
};

function arnOf(region: Region, type: string, physicalId: string): string {
  if (physicalId.startsWith('arn:')) return physicalId;
  if (type === 'AWS::S3::Bucket') return `arn:aws:s3:::${physicalId}`;
  const service = type.split('::')[1].toLowerCase();
  return `arn:aws:${service}:${region.name}:${region.accountId}:${
    ARN_PREFIXES[type] ?? ''
  }${physicalId}`;
}
