import { type JobStatus, statusOf, type VectorizeJob } from './VectorizeJob';

/** From `from` up to, not including, `to`; milliseconds since the epoch. */
export type TimeRange = { from: number; to: number };

/** The jobs of one status, and their files. */
export type JobSums = {
  status: JobStatus;
  jobs: number;
  totalFiles: number;
  completedFiles: number;
  failedFiles: number;
};

/** One job, or the sums over `jobs` jobs that all have the same status. */
export type JobCount = Pick<
  VectorizeJob,
  'totalFiles' | 'completedFiles' | 'failedFiles' | 'begun'
> & { jobs: number };

/** Adds counts up by status; statuses ascend. */
export class JobSummation {
  private readonly sums = new Map<JobStatus, JobSums>();

  add(count: JobCount): void {
    const { begun, ...counters } = count;
    const status = statusOf(count);
    const sums = this.sums.get(status);
    if (!sums) {
      this.sums.set(status, { status, ...counters });
      return;
    }
    sums.jobs += count.jobs;
    sums.totalFiles += count.totalFiles;
    sums.completedFiles += count.completedFiles;
    sums.failedFiles += count.failedFiles;
  }

  toList(): JobSums[] {
    return [...this.sums.values()].sort((a, b) =>
      a.status < b.status ? -1 : 1,
    );
  }
}
