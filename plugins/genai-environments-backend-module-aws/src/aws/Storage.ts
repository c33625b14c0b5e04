import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  ListImagesCommand,
} from '@aws-sdk/client-ecr';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  type _Error as S3Error,
  HeadObjectCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import {
  DeleteIndexCommand,
  ListIndexesCommand,
} from '@aws-sdk/client-s3vectors';
import { isAbsence } from '../errors';
import type { Caller } from './Caller';
import type { Clients } from './clients';

/** Pages emptied in one step; the next step goes on. */
const PAGES_PER_STEP = 20;
const PAGE = 100;

/** Of single objects; they are deleted in the next turn. */
const PASSING = new Set(['InternalError', 'SlowDown', 'ServiceUnavailable']);

/** An object that S3 does not delete, e.g. one that is locked. */
export class ObjectKept extends Error {
  readonly name = 'ObjectKept';

  constructor(bucket: string, { Key, Code, Message }: S3Error) {
    super(
      `S3 does not delete the object ${Key} of the bucket ${bucket}: ${Code}, ${Message}`,
    );
  }
}

/** Buckets, vector buckets and image repositories. All methods throw AwsCallError. */
export class Storage {
  constructor(
    private readonly clients: Pick<Clients, 's3' | 's3Vectors' | 'ecr'>,
    private readonly caller: Caller,
  ) {}

  async hasObject(bucket: string, key: string): Promise<boolean> {
    return this.unlessAbsent(false, async () => {
      await this.caller.call('s3', 's3:GetObject', () =>
        this.clients.s3.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key }),
        ),
      );
      return true;
    });
  }

  /** `true` once nothing is in it, or there is no such bucket. @throws ObjectKept */
  async emptyBucket(bucket: string): Promise<boolean> {
    return this.unlessAbsent(true, async () => {
      for (let page = 0; page < PAGES_PER_STEP; page++) {
        const { Versions = [], DeleteMarkers = [] } = await this.caller.call(
          's3',
          's3:ListBucketVersions',
          () =>
            this.clients.s3.send(
              new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1000 }),
            ),
        );
        const Objects = [...Versions, ...DeleteMarkers].map(item => ({
          Key: item.Key!,
          VersionId: item.VersionId,
        }));
        if (Objects.length === 0) return true;
        const { Errors = [] } = await this.caller.call(
          's3',
          's3:DeleteObjectVersion',
          () =>
            this.clients.s3.send(
              new DeleteObjectsCommand({
                Bucket: bucket,
                Delete: { Objects, Quiet: true },
              }),
            ),
        );
        const kept = Errors.find(({ Code = '' }) => !PASSING.has(Code));
        if (kept) throw new ObjectKept(bucket, kept);
      }
      return false;
    });
  }

  /** An empty one; also right when it is already gone. */
  async deleteBucket(bucket: string): Promise<void> {
    await this.unlessAbsent(undefined, async () => {
      await this.caller.call('s3', 's3:DeleteBucket', () =>
        this.clients.s3.send(new DeleteBucketCommand({ Bucket: bucket })),
      );
    });
  }

  /** `true` once its indexes are deleted, or there is no such vector bucket. */
  async emptyVectorBucket(bucket: string): Promise<boolean> {
    return this.unlessAbsent(true, async () => {
      const { indexes = [] } = await this.caller.call(
        's3vectors',
        's3vectors:ListIndexes',
        () =>
          this.clients.s3Vectors.send(
            new ListIndexesCommand({
              vectorBucketName: bucket,
              maxResults: PAGE,
            }),
          ),
      );
      for (const { indexName } of indexes) {
        await this.caller.call('s3vectors', 's3vectors:DeleteIndex', () =>
          this.clients.s3Vectors.send(
            new DeleteIndexCommand({ vectorBucketName: bucket, indexName }),
          ),
        );
      }
      return indexes.length < PAGE;
    });
  }

  /** `true` once its images are deleted, or there is no such repository. */
  async emptyRepository(repository: string): Promise<boolean> {
    return this.unlessAbsent(true, async () => {
      const { imageIds = [] } = await this.caller.call(
        'ecr',
        'ecr:ListImages',
        () =>
          this.clients.ecr.send(
            new ListImagesCommand({
              repositoryName: repository,
              maxResults: PAGE,
            }),
          ),
      );
      if (imageIds.length === 0) return true;
      await this.caller.call('ecr', 'ecr:BatchDeleteImage', () =>
        this.clients.ecr.send(
          new BatchDeleteImageCommand({ repositoryName: repository, imageIds }),
        ),
      );
      return imageIds.length < PAGE;
    });
  }

  /** Digest of the image with that tag. */
  async findImage(
    repository: string,
    imageTag: string,
  ): Promise<string | undefined> {
    return this.unlessAbsent(undefined, async () => {
      const { imageDetails = [] } = await this.caller.call(
        'ecr',
        'ecr:DescribeImages',
        () =>
          this.clients.ecr.send(
            new DescribeImagesCommand({
              repositoryName: repository,
              imageIds: [{ imageTag }],
            }),
          ),
      );
      return imageDetails[0]?.imageDigest;
    });
  }

  private async unlessAbsent<T>(
    otherwise: T,
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (isAbsence(error)) return otherwise;
      throw error;
    }
  }
}
