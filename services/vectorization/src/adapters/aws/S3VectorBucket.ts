import {
  CreateIndexCommand,
  DeleteIndexCommand,
  DeleteVectorsCommand,
  GetVectorBucketCommand,
  GetVectorsCommand,
  ListVectorsCommand,
  type PutInputVector,
  PutVectorsCommand,
  type QueryOutputVector,
  QueryVectorsCommand,
  type QueryVectorsCommandInput,
  type S3VectorsClient,
} from '@aws-sdk/client-s3vectors';
import type { ServiceHealth } from '@genai-environments/service-kit';
import { toDependencyError } from '@genai-environments/service-kit/aws';
import { UNFILTERED_KEYS } from './vectorMetadata';

/** What S3 Vectors takes at once. */
const MAX_VECTORS = 500;
const MAX_REQUEST_BYTES = 15 * 1024 * 1024;
const MAX_KEYS_READ = 100;
const MAX_KEYS_LISTED = 1000;

/** Bytes of a number in a request, at most: `-0.0123456789012345678,`. */
const BYTES_PER_NUMBER = 24;

/**
 * Requests to one bucket of S3 Vectors. Whether an index is missing is an answer here, not an
 * error; other failures are `DependencyError`s.
 */
export class S3VectorBucket {
  constructor(
    private readonly options: { client: S3VectorsClient; bucket: string },
  ) {}

  /** Silent when it is there already. */
  async createIndex(indexName: string, dimension: number): Promise<void> {
    const command = new CreateIndexCommand({
      ...this.at(indexName),
      dataType: 'float32',
      dimension,
      distanceMetric: 'cosine',
      metadataConfiguration: { nonFilterableMetadataKeys: UNFILTERED_KEYS },
    });
    await this.unless('ConflictException', () =>
      this.options.client.send(command),
    );
  }

  /** Silent when it is gone already. */
  async deleteIndex(indexName: string): Promise<void> {
    await this.send(client =>
      client.send(new DeleteIndexCommand(this.at(indexName))),
    );
  }

  /** @returns `false` when there is no such index */
  async put(indexName: string, vectors: PutInputVector[]): Promise<boolean> {
    for (const batch of inRequests(vectors)) {
      const answer = await this.send(client =>
        client.send(
          new PutVectorsCommand({ ...this.at(indexName), vectors: batch }),
        ),
      );
      if (!answer) return false;
    }
    return true;
  }

  /** Silent about those that are gone already. */
  async delete(indexName: string, keys: string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += MAX_VECTORS) {
      const batch = keys.slice(from, from + MAX_VECTORS);
      await this.send(client =>
        client.send(
          new DeleteVectorsCommand({ ...this.at(indexName), keys: batch }),
        ),
      );
    }
  }

  /** Those of the keys that have a vector. */
  async existing(indexName: string, keys: string[]): Promise<string[]> {
    const found: string[] = [];
    for (let from = 0; from < keys.length; from += MAX_KEYS_READ) {
      const batch = keys.slice(from, from + MAX_KEYS_READ);
      const answer = await this.send(client =>
        client.send(
          new GetVectorsCommand({ ...this.at(indexName), keys: batch }),
        ),
      );
      found.push(...(answer?.vectors ?? []).map(({ key }) => key!));
    }
    return found;
  }

  /** Reads the keys of all vectors, a thousand per request; 0 when there is no such index. */
  async count(indexName: string): Promise<number> {
    let count = 0;
    let nextToken: string | undefined;
    do {
      const command = new ListVectorsCommand({
        ...this.at(indexName),
        maxResults: MAX_KEYS_LISTED,
        nextToken,
      });
      const answer = await this.send(client => client.send(command));
      count += answer?.vectors?.length ?? 0;
      nextToken = answer?.nextToken;
    } while (nextToken);
    return count;
  }

  /** `undefined` when there is no such index. */
  async query(
    indexName: string,
    query: Pick<QueryVectorsCommandInput, 'topK' | 'queryVector' | 'filter'>,
  ): Promise<QueryOutputVector[] | undefined> {
    const command = new QueryVectorsCommand({
      ...this.at(indexName),
      ...query,
      returnMetadata: true,
      returnDistance: true,
    });
    const answer = await this.send(client => client.send(command));
    return answer && (answer.vectors ?? []);
  }

  async health(): Promise<ServiceHealth> {
    const { client, bucket } = this.options;
    try {
      await client.send(
        new GetVectorBucketCommand({ vectorBucketName: bucket }),
      );
      return { status: 'UP' };
    } catch {
      return {
        status: 'DOWN',
        reason: 'The vector bucket of S3 Vectors cannot be reached.',
      };
    }
  }

  private at(indexName: string) {
    return { vectorBucketName: this.options.bucket, indexName };
  }

  /** `undefined` when there is no such index. */
  private send<T>(
    work: (client: S3VectorsClient) => Promise<T>,
  ): Promise<T | undefined> {
    return this.unless('NotFoundException', () => work(this.options.client));
  }

  private async unless<T>(
    name: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if ((error as Error).name === name) return undefined;
      throw toDependencyError(error, { what: 'The vector store' });
    }
  }
}

function* inRequests(vectors: PutInputVector[]): Generator<PutInputVector[]> {
  let batch: PutInputVector[] = [];
  let bytes = 0;
  for (const vector of vectors) {
    const size =
      vector.data!.float32!.length * BYTES_PER_NUMBER +
      Buffer.byteLength(JSON.stringify(vector.metadata));
    if (batch.length === MAX_VECTORS || bytes + size > MAX_REQUEST_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(vector);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
