import { NotFoundError } from '@genai-environments/service-kit';
import { FileStatus, JobStatus, statusOf } from './VectorizeJob';
import type { VectorizeJobs } from './VectorizeJobs';
import type { VectorStores } from './VectorStores';

/** How far a job is, for other services. */
export type VectorizedJob = {
  status: 'pending' | 'completed' | 'completed_with_errors' | 'failed';
  files: Array<{
    fileName: string;
    status: 'pending' | 'completed' | 'failed';
    reason?: string;
  }>;
};

/** For other services: makes the chunks of a finished chunking job findable. */
export type Vectorizer = {
  /** @throws NotFoundError when the application has no such index */
  assertIndex(clientId: string, indexId: string): Promise<void>;
  /** @throws as `VectorizeJobs.start` does; ordering the same id again makes no other job */
  startJob(
    clientId: string,
    job: { id?: string; chunkingJobId: string; indexId: string },
  ): Promise<{ vectorizeJobId: string }>;
  /** `undefined` when it is gone. */
  findJob(
    clientId: string,
    vectorizeJobId: string,
  ): Promise<VectorizedJob | undefined>;
};

const JOB_STATUS: Record<JobStatus, VectorizedJob['status']> = {
  STARTED: 'pending',
  IN_PROGRESS: 'pending',
  COMPLETED: 'completed',
  COMPLETED_WITH_ERRORS: 'completed_with_errors',
  FAILED: 'failed',
};

const FILE_STATUS: Record<
  FileStatus,
  VectorizedJob['files'][number]['status']
> = {
  PENDING: 'pending',
  IN_PROGRESS: 'pending',
  COMPLETED: 'completed',
  FAILED: 'failed',
};

export function createVectorizer(options: {
  stores: VectorStores;
  jobs: VectorizeJobs;
}): Vectorizer {
  const { stores, jobs } = options;
  return {
    async assertIndex(clientId, indexId) {
      await stores.getIndex(clientId, indexId);
    },
    async startJob(clientId, job) {
      return { vectorizeJobId: (await jobs.start(clientId, job)).id };
    },
    async findJob(clientId, jobId) {
      try {
        const job = await jobs.get(clientId, jobId);
        const { items } = await jobs.listFiles(clientId, jobId, {});
        return {
          status: JOB_STATUS[statusOf(job)],
          files: items.map(({ fileName, status, reason }) => ({
            fileName,
            status: FILE_STATUS[status],
            ...(reason === undefined ? {} : { reason }),
          })),
        };
      } catch (error) {
        if (error instanceof NotFoundError) return undefined;
        throw error;
      }
    },
  };
}
