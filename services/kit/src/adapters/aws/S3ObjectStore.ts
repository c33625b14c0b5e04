import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  HeadObjectCommandOutput,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Readable } from 'node:stream';
import { contentDisposition } from '../../objects/contentDisposition';
import {
  assertContentType,
  assertObjectKey,
  assertObjectPrefix,
} from '../../objects/objectKey';
import type { ObjectInfo, ObjectStore, StoredObject } from '../../ports';
import { rememberHealth } from '../../service/rememberHealth';
import type { ServiceHealth } from '../../service/ServiceDefinition';
import { Clock, systemClock } from '../../time';
import { isNamed, statusOf, toDependencyError } from './awsErrors';
import { uploadStream } from './multipartUpload';

export type S3ObjectStoreOptions = {
  /** Of {@link createS3Client}: others sign uploads that nobody can make. */
  client: S3Client;
  bucket: string;
  clock?: Clock;
};

/** A client whose signed uploads do not demand the checksum of a body nobody knows yet. */
export function createS3Client(options: {
  region: string;
  /** Of an emulator or a private endpoint; then the bucket is in the path. */
  endpoint?: string;
}): S3Client {
  return new S3Client({
    ...options,
    forcePathStyle: options.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
}

/**
 * Keeps objects in a bucket of S3. A signed upload cannot be limited in size there, and
 * keeps the media type that the uploader states: look with `head` before using it.
 */
export class S3ObjectStore implements ObjectStore {
  private readonly client: S3Client;
  private readonly bucket: string;
  private readonly clock: Clock;

  constructor(options: S3ObjectStoreOptions) {
    this.client = options.client;
    this.bucket = options.bucket;
    this.clock = options.clock ?? systemClock;
  }

  async put(
    key: string,
    body: string | Uint8Array | Readable,
    { contentType }: { contentType: string },
  ): Promise<ObjectInfo> {
    assertContentType(contentType);
    const target = { ...this.at(key), ContentType: contentType };
    const sizeBytes = await this.explained(async () => {
      if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
        return uploadStream(this.client, target, body);
      }
      const Body = Buffer.from(body);
      await this.client.send(new PutObjectCommand({ ...target, Body }));
      return Body.length;
    });
    return { key, sizeBytes, contentType, lastModifiedAt: this.clock.now() };
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const command = new GetObjectCommand(this.at(key));
    const found = await this.unlessMissing(() => this.client.send(command));
    return found && { ...toInfo(key, found), body: found.Body as Readable };
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    const command = new HeadObjectCommand(this.at(key));
    const found = await this.unlessMissing(() => this.client.send(command));
    return found && toInfo(key, found);
  }

  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand(this.at(key));
    await this.explained(() => this.client.send(command));
  }

  async deleteAll(prefix: string): Promise<void> {
    assertObjectPrefix(prefix);
    const { client, bucket } = this;
    await this.explained(async () => {
      const pages = paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix },
      );
      for await (const { Contents = [] } of pages) {
        if (Contents.length > 0) await this.deleteKeys(Contents);
      }
    });
  }

  async signUpload(
    key: string,
    options: {
      contentType: string;
      maxSizeBytes: number;
      expiresAfterSeconds: number;
    },
  ): Promise<string> {
    assertContentType(options.contentType);
    return getSignedUrl(this.client, new PutObjectCommand(this.at(key)), {
      expiresIn: options.expiresAfterSeconds,
    });
  }

  async signDownload(
    key: string,
    options: { fileName?: string; expiresAfterSeconds: number },
  ): Promise<string> {
    const { fileName, expiresAfterSeconds } = options;
    const command = new GetObjectCommand({
      ...this.at(key),
      ...(fileName === undefined
        ? {}
        : { ResponseContentDisposition: contentDisposition(fileName) }),
    });
    return getSignedUrl(this.client, command, {
      expiresIn: expiresAfterSeconds,
    });
  }

  /** May be some seconds old. */
  readonly health = rememberHealth(() => this.look());

  private async look(): Promise<ServiceHealth> {
    try {
      await this.client.send(new HeadBucketCommand({ Bucket: this.bucket }));
      return { status: 'UP' };
    } catch {
      return {
        status: 'DOWN',
        reason: 'The bucket of the object store cannot be reached.',
      };
    }
  }

  private async deleteKeys(found: Array<{ Key?: string }>): Promise<void> {
    const { Errors = [] } = await this.client.send(
      new DeleteObjectsCommand({
        Bucket: this.bucket,
        Delete: { Objects: found.map(({ Key }) => ({ Key })), Quiet: true },
      }),
    );
    if (Errors.length > 0) {
      throw new Error(`S3 kept ${Errors.length} objects: ${Errors[0].Code}`);
    }
  }

  /** @throws InvalidInputError */
  private at(key: string): { Bucket: string; Key: string } {
    assertObjectKey(key);
    return { Bucket: this.bucket, Key: key };
  }

  private async unlessMissing<T>(work: () => Promise<T>) {
    try {
      return await work();
    } catch (error) {
      if (isNamed(error, 'NoSuchKey', 'NotFound')) return undefined;
      throw toDependencyError(error, { what: 'The object store' });
    }
  }

  private async explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Without a status it may be the source of a stream that broke.
      if (statusOf(error) === undefined && !isConnectionError(error)) {
        throw error;
      }
      throw toDependencyError(error, { what: 'The object store' });
    }
  }
}

function isConnectionError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^E[A-Z]+$/.test(code);
}

function toInfo(
  key: string,
  found: Pick<
    HeadObjectCommandOutput,
    'ContentLength' | 'ContentType' | 'LastModified'
  >,
): ObjectInfo {
  return {
    key,
    sizeBytes: found.ContentLength ?? 0,
    contentType: found.ContentType ?? 'application/octet-stream',
    lastModifiedAt: found.LastModified?.getTime() ?? 0,
  };
}
