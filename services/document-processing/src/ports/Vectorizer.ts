/** How far a vectorization job is. */
export type VectorizedJob = {
  status: 'pending' | 'completed' | 'completed_with_errors' | 'failed';
  files: Array<{
    fileName: string;
    status: 'pending' | 'completed' | 'failed';
    reason?: string;
  }>;
};

/** Port: makes chunks findable; another service does it. */
export interface Vectorizer {
  /**
   * @throws NotFoundError when the application has no such index
   */
  assertIndex(clientId: string, indexId: string): Promise<void>;

  /**
   * Orders the vectorization of a finished chunking job as the job of that id, which is made
   * once, however often and by how many at the same time it is ordered.
   */
  startJob(
    clientId: string,
    job: { id: string; chunkingJobId: string; indexId: string },
  ): Promise<{ vectorizeJobId: string }>;

  /** `undefined` when it is gone. */
  findJob(
    clientId: string,
    vectorizeJobId: string,
  ): Promise<VectorizedJob | undefined>;
}
