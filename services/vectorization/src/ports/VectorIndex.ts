import type { ServiceHealth } from '@genai-environments/service-kit';
import type {
  DocumentMetadata,
  EmbeddedChunk,
  FoundChunk,
  SourceDocument,
} from '../domain/Chunk';
import type { Filter } from '../domain/filter';
import type { StoreType } from '../domain/VectorStore';

/**
 * Port: chunks with their vectors, in indexes that know nothing of each other.
 *
 * What was written is found by searches that begin after the write resolved, in this process
 * at once and in others within a second. Every method is safe to repeat. Those that name an
 * index reject with a `NotFoundError` (`index_not_found`) when it was not created or was
 * dropped, but `create` and `drop`.
 */
export interface VectorIndex {
  /** What it really is, whatever type the store was asked to be. */
  readonly type: StoreType;

  /** Whether {@link searchByText} works; else it rejects with an `InvalidInputError`. */
  readonly ranksByText: boolean;

  create(indexId: string): Promise<void>;

  /**
   * Adds chunks of one document and replaces those of the same position. All of it becomes
   * visible at once. The metadata is the document's from then on.
   *
   * @throws ConflictError (`dimension_mismatch`) when a vector has another length than those
   * that the index holds
   */
  upsert(
    indexId: string,
    batch: {
      document: SourceDocument;
      metadata: DocumentMetadata;
      chunks: EmbeddedChunk[];
    },
  ): Promise<void>;

  /** Removes the document's chunks from position `length` on. */
  trim(
    indexId: string,
    options: { document: SourceDocument; length: number },
  ): Promise<void>;

  /**
   * Removes documents of that name, of all chunking jobs unless one is named.
   *
   * @returns how many chunks went
   */
  removeDocuments(
    indexId: string,
    which: { fileName: string; chunkingJobId?: string },
  ): Promise<number>;

  /** Nearest by cosine similarity, which is the score; best first. Approximate. */
  searchByVector(
    indexId: string,
    query: { vector: Float32Array; limit: number; filter?: Filter },
  ): Promise<FoundChunk[]>;

  /** Chunks that share words with the text, best first (BM25). */
  searchByText(
    indexId: string,
    query: { text: string; limit: number; filter?: Filter },
  ): Promise<FoundChunk[]>;

  /** Number of chunks. */
  count(indexId: string): Promise<number>;

  /** Removes the index with all that is in it; silent when it is gone already. */
  drop(indexId: string): Promise<void>;

  health(): Promise<ServiceHealth>;

  /** Safe to call twice. */
  close(): Promise<void>;
}
