/** How far a chunking job or one of its files is. */
export type ChunkedJob = {
  status: 'pending' | 'completed' | 'completed_with_errors' | 'failed';
  files: Array<{
    fileName: string;
    status: 'pending' | 'completed' | 'failed';
    /** 0 until it is completed. */
    chunkCount: number;
  }>;
};

/** What this service gives to others: the chunks of an application's chunking jobs. */
export interface ChunkSource {
  /** `undefined` when there is none, also for another application's. */
  findJob(
    clientId: string,
    chunkingJobId: string,
  ): Promise<ChunkedJob | undefined>;

  /**
   * The chunks of a completed file. The order never changes: a chunk's position is its
   * number.
   *
   * @throws NotFoundError when there is no such job or file
   * @throws ConflictError when the file is not chunked, or failed
   */
  readChunks(
    clientId: string,
    key: { chunkingJobId: string; fileName: string },
  ): AsyncIterable<{ text: string; pageNumber?: number }>;
}
