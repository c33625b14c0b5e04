import type { DocumentMetadata } from './Chunk';

/** Work on all files of a chunking job. Every file counts once, as completed or failed. */
export type VectorizeJob = {
  id: string;
  clientId: string;
  storeId: string;
  indexId: string;
  chunkingJobId: string;
  /** Given to all documents of the job. */
  metadata: DocumentMetadata;
  totalFiles: number;
  completedFiles: number;
  failedFiles: number;
  /** Whether a worker has begun. */
  begun: boolean;
  createdAt: number;
  updatedAt: number;
};

export type JobStatus =
  | 'STARTED'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'COMPLETED_WITH_ERRORS'
  | 'FAILED';

export type FileStatus = 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';

export type JobFile = {
  /** Counts within the job from 0. */
  no: number;
  fileName: string;
  status: FileStatus;
  /** Once it is completed. */
  chunkCount?: number;
  /** Why it failed, for the caller. */
  reason?: string;
};

/** How a file ended. */
export type FileOutcome =
  | { status: 'COMPLETED'; chunkCount: number }
  | { status: 'FAILED'; reason: string };

/** What the queue `vectorization` holds: one message per file. */
export type VectorizeMessage = { jobId: string; fileNo: number };

/** The status follows from the counters, so that the two never disagree. */
export function statusOf(
  job: Pick<
    VectorizeJob,
    'totalFiles' | 'completedFiles' | 'failedFiles' | 'begun'
  >,
): JobStatus {
  if (job.completedFiles + job.failedFiles < job.totalFiles) {
    return job.begun ? 'IN_PROGRESS' : 'STARTED';
  }
  if (job.failedFiles === 0) return 'COMPLETED';
  return job.completedFiles === 0 ? 'FAILED' : 'COMPLETED_WITH_ERRORS';
}
