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
export { parseFilter } from './domain/filter';
export type { Answer, AnswerQuestion, Answers } from './domain/answers/Answers';
export type { DocumentMetadata, FoundChunk } from './domain/Chunk';
export type { JobSums, TimeRange } from './domain/JobSums';
export type {
  IndexSummary,
  StoreSummary,
  VectorizationMetrics,
} from './domain/Metrics';
export type { VectorizedJob, Vectorizer } from './domain/Vectorizer';
export type { VectorIndexRecord, VectorStore } from './domain/VectorStore';
export { statusOf, type VectorizeJob } from './domain/VectorizeJob';
export type {
  AnswerGeneration,
  AnswerModel,
  AnswerPart,
  AnswerRequest,
} from './ports/AnswerModel';
export type { ChunkedJob, ChunkSource, SourceChunk } from './ports/ChunkSource';
export type { EmbedAnswer, Embedder } from './ports/Embedder';
