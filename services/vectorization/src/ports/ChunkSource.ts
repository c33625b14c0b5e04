/** A chunking job, as far as vectorizing it needs to know. */
export type ChunkedJob = {
  status: 'pending' | 'completed' | 'completed_with_errors' | 'failed';
  files: Array<{
    fileName: string;
    status: 'pending' | 'completed' | 'failed';
    chunkCount: number;
  }>;
};

export type SourceChunk = { text: string; pageNumber?: number };

/** Port: where chunks come from. An application never sees another one's. */
export interface ChunkSource {
  /** `undefined` when the application has no such job. */
  findJob(
    clientId: string,
    chunkingJobId: string,
  ): Promise<ChunkedJob | undefined>;

  /**
   * Chunks of one file in an order that never changes: the position of a chunk is its number.
   * Rejects with a `NotFoundError` when they are gone.
   */
  readChunks(
    clientId: string,
    which: { chunkingJobId: string; fileName: string },
  ): AsyncIterable<SourceChunk>;
}
