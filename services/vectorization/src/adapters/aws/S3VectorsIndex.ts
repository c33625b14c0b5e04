import {
  ConflictError,
  InvalidInputError,
  type ServiceHealth,
} from '@genai-environments/service-kit';
import type { DynamoTableClient } from '@genai-environments/service-kit/aws';
import type { S3VectorsClient } from '@aws-sdk/client-s3vectors';
import type { EmbeddedChunk, SourceDocument } from '../../domain/Chunk';
import { noIndex } from '../../domain/noIndex';
import type { VectorIndex } from '../../ports/VectorIndex';
import { S3VectorBucket } from './S3VectorBucket';
import { toS3Filter } from './toS3Filter';
import { VectorIndexRecords } from './VectorIndexRecords';
import { toFoundChunk, toVectorMetadata } from './vectorMetadata';
import { positionsFrom, vectorKey } from './vectorKey';

/** So many results S3 Vectors answers at most. */
const MAX_RESULTS = 100;

/** Dimensions that are remembered; they never change while an index exists. */
const MAX_KNOWN = 10_000;

/**
 * Keeps indexes in a bucket of S3 Vectors, and in the environment's table what that does not
 * know of them. It does not rank by words. At most 500 chunks become visible at once.
 */
export class S3VectorsIndex implements VectorIndex {
  readonly type = 's3vectors';
  readonly ranksByText = false;

  private readonly bucket: S3VectorBucket;
  private readonly records: VectorIndexRecords;
  private readonly dimensions = new Map<string, number>();

  constructor(
    private readonly options: {
      client: S3VectorsClient;
      /** Name of the vector bucket; it must exist. */
      bucket: string;
      table: DynamoTableClient;
      /** Default: the client belongs to whoever made it. */
      onClose?: () => void;
    },
  ) {
    this.bucket = new S3VectorBucket(options);
    this.records = new VectorIndexRecords(options);
  }

  create: VectorIndex['create'] = indexId => this.records.create(indexId);

  upsert: VectorIndex['upsert'] = async (indexId, batch) => {
    const { document, metadata, chunks } = batch;
    if (chunks.length === 0) {
      await this.getRecord(indexId);
      return;
    }
    const dimension = await this.fixDimension(indexId, chunks);
    const { fileName } = document;
    const vectors = chunks.map(chunk => ({
      key: vectorKey(document, chunk.position),
      data: { float32: Array.from(chunk.vector) },
      metadata: toVectorMetadata(chunk, { fileName, metadata }),
    }));
    const length = 1 + Math.max(...chunks.map(({ position }) => position));
    await this.records.reserve(indexId, { document, length });
    if (await this.bucket.put(indexId, vectors)) return;

    // S3 Vectors makes an index of known dimension only: at the first write.
    await this.assertExists(indexId);
    await this.bucket.createIndex(indexId, dimension);
    if (!(await this.bucket.put(indexId, vectors))) throw noIndex();
  };

  trim: VectorIndex['trim'] = async (indexId, { document, length }) => {
    await this.getRecord(indexId);
    const found = await this.records.findDocument(indexId, document);
    if (!found || found.length <= length) return;
    const keys = positionsFrom(length, found.length).map(position =>
      vectorKey(document, position),
    );
    await this.bucket.delete(indexId, keys);
    await this.records.shorten(indexId, { document: found, length });
  };

  removeDocuments: VectorIndex['removeDocuments'] = async (indexId, which) => {
    await this.getRecord(indexId);
    const documents = await this.records.listDocuments(indexId, which.fileName);
    let removed = 0;
    for (const document of documents) {
      const { chunkingJobId = document.chunkingJobId } = which;
      if (document.chunkingJobId !== chunkingJobId) continue;
      removed += await this.removeDocument(indexId, document);
    }
    return removed;
  };

  searchByVector: VectorIndex['searchByVector'] = async (indexId, query) => {
    const { vector, limit, filter } = query;
    const known = this.dimensions.get(indexId);
    if (known !== undefined) assertDimension(vector.length, known);
    try {
      const found = await this.bucket.query(indexId, {
        topK: Math.min(limit, MAX_RESULTS),
        queryVector: { float32: Array.from(vector) },
        filter: filter && toS3Filter(filter),
      });
      if (found) return found.map(toFoundChunk);
    } catch (error) {
      const { dimension = vector.length } = await this.getRecord(indexId);
      assertDimension(vector.length, dimension);
      throw error;
    }
    await this.getRecord(indexId);
    return [];
  };

  searchByText: VectorIndex['searchByText'] = async () => {
    throw new InvalidInputError(
      'The vector store of this environment, Amazon S3 Vectors, does not rank by words. Search with the mode "vector".',
      { code: 'hybrid_search_unavailable' },
    );
  };

  count: VectorIndex['count'] = async indexId => {
    await this.getRecord(indexId);
    return this.bucket.count(indexId);
  };

  drop: VectorIndex['drop'] = async indexId => {
    await this.records.remove(indexId);
    this.dimensions.delete(indexId);
    await this.bucket.deleteIndex(indexId);
    await this.records.removeDocuments(indexId);
  };

  health(): Promise<ServiceHealth> {
    return this.bucket.health();
  }

  async close(): Promise<void> {
    this.options.onClose?.();
    this.dimensions.clear();
  }

  private async removeDocument(
    indexId: string,
    document: SourceDocument & { length: number },
  ): Promise<number> {
    const keys = positionsFrom(0, document.length).map(position =>
      vectorKey(document, position),
    );
    const there = await this.bucket.existing(indexId, keys);
    await this.bucket.delete(indexId, there);
    await this.records.shorten(indexId, { document, length: 0 });
    return there.length;
  }

  private async fixDimension(
    indexId: string,
    chunks: EmbeddedChunk[],
  ): Promise<number> {
    const fixed =
      this.dimensions.get(indexId) ??
      (await this.records.fixDimension(indexId, chunks[0].vector.length));
    if (fixed === undefined) throw noIndex();
    if (this.dimensions.size >= MAX_KNOWN) this.dimensions.clear();
    this.dimensions.set(indexId, fixed);
    for (const { vector } of chunks) assertDimension(vector.length, fixed);
    return fixed;
  }

  private async getRecord(indexId: string): Promise<{ dimension?: number }> {
    const record = await this.records.find(indexId);
    if (record) return record;
    this.dimensions.delete(indexId);
    throw noIndex();
  }

  /** Another process may have dropped the index since its dimension was read. */
  private async assertExists(indexId: string): Promise<void> {
    if (await this.records.find(indexId)) return;
    this.dimensions.delete(indexId);
    await this.records.removeDocuments(indexId);
    throw noIndex();
  }
}

function assertDimension(given: number, fixed: number): void {
  if (given === fixed) return;
  throw new ConflictError(
    `The index holds vectors of ${fixed} dimensions, and one of ${given} was given. Use the embedding model that filled the index, or make another index.`,
    { code: 'dimension_mismatch' },
  );
}
