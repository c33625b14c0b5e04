/**
 * Vectorization service: stores, indexes, semantic and hybrid search, answers with citations.
 *
 * @packageDocumentation
 */
export {
  createVectorization,
  type Vectorization,
  type VectorizationOptions,
} from './createVectorization';
export type { AdapterOptions } from './openAdapters';
export { parseFilter } from './domain/filter';
export type { Answer, AnswerQuestion, Answers } from './domain/answers/Answers';
export type { DocumentMetadata, FoundChunk } from './domain/Chunk';
export type { JobSums, TimeRange } from './domain/JobSums';
export {
  createMetrics,
  type IndexSummary,
  type StoreSummary,
  type VectorizationMetrics,
} from './domain/Metrics';
export type { VectorizedJob, Vectorizer } from './domain/Vectorizer';
export type {
  StoreType,
  VectorIndexRecord,
  VectorStore,
} from './domain/VectorStore';
export {
  statusOf,
  type VectorizeJob,
  type VectorizeMessage,
} from './domain/VectorizeJob';
export type {
  AnswerGeneration,
  AnswerModel,
  AnswerPart,
  AnswerRequest,
} from './ports/AnswerModel';
export type { ChunkedJob, ChunkSource, SourceChunk } from './ports/ChunkSource';
export type { EmbedAnswer, Embedder } from './ports/Embedder';
export type { VectorIndex } from './ports/VectorIndex';
export type { VectorizationRepositories } from './ports/VectorizationRepositories';
export type { VectorizeJobRepository } from './ports/VectorizeJobRepository';
export type { VectorStoreRepository } from './ports/VectorStoreRepository';
