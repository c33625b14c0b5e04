import { AwsError } from '../AwsError';
import type { Region } from '../Region';
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

/** What is left by tag. Test code. */
export const tagging: Record<string, Operation> = {
  GetResources(region, { TagFilters = [] }) {
    const tagged = [...region.resources.values()]
      .filter(({ stackTags }) =>
        TagFilters.every(({ Key, Values = [] }: any) =>
          Values.length === 0
            ? Key in stackTags
            : Values.includes(stackTags[Key]),
        ),
      )
      .map(resource => ({
        ResourceARN: arnOf(region, resource.type, resource.physicalId),
        Tags: [],
      }));
    const secrets = [...region.secrets.values()]
      .filter(({ tags }) =>
        TagFilters.every(({ Key, Values = [] }: any) =>
          Values.includes(tags[Key]),
        ),
      )
      .map(({ arn }) => ({ ResourceARN: arn, Tags: [] }));
    return {
      ResourceTagMappingList: [...tagged, ...secrets],
      PaginationToken: '',
    };
  },
};

function arnOf(region: Region, type: string, physicalId: string): string {
  if (physicalId.startsWith('arn:')) return physicalId;
  if (type === 'AWS::S3::Bucket') return `arn:aws:s3:::${physicalId}`;
  const service = type.split('::')[1].toLowerCase();
  return `arn:aws:${service}:${region.name}:${region.accountId}:${physicalId}`;
}
