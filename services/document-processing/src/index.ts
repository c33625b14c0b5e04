/**
 * Document processing service: text extraction and chunking.
 *
 * @packageDocumentation
 */
export {
  createDocumentProcessing,
  createLocalExtractor,
  type DocumentProcessing,
  type DocumentProcessingOptions,
} from './createDocumentProcessing';
export type { DocumentQueues, DocumentRecords } from './DocumentRecords';
export type { JobMetrics } from './JobMetrics';
export type { IngestMessage } from './domain/Ingests';
export type { FileMessage } from './domain/Job';
export type { ChunkedJob, ChunkSource } from './ports/ChunkSource';
export type { TextExtractor } from './ports/TextExtractor';
export type { VectorizedJob, Vectorizer } from './ports/Vectorizer';
