/** What a caller says about a document, for filters: `{"department": "hr", "tags": ["a"]}`. */
export type DocumentMetadata = Record<
  string,
  string | number | boolean | string[]
>;

/** One file of one chunking job, as an index knows it. */
export type SourceDocument = { chunkingJobId: string; fileName: string };

/** A chunk of a document with its embedding. */
export type EmbeddedChunk = {
  chunkId: string;
  /** Number of the chunk within its document, from 0. */
  position: number;
  pageNumber?: number;
  text: string;
  vector: Float32Array;
};

/** A chunk that was found. A higher score fits better; scores of two searches do not compare. */
export type FoundChunk = {
  chunkId: string;
  fileName: string;
  pageNumber?: number;
  text: string;
  score: number;
};
