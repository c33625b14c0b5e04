/**
 * Document processing service: text extraction and chunking.
 *
 * @packageDocumentation
 */
export {
  createDocumentProcessing,
  type DocumentProcessing,
  type DocumentProcessingOptions,
} from './createDocumentProcessing';
export type { ChunkedJob, ChunkSource } from './ports/ChunkSource';
export type { TextExtractor } from './ports/TextExtractor';
export type { VectorizedJob, Vectorizer } from './ports/Vectorizer';
