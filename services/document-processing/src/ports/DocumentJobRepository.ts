import type { Page, PageRequest } from '@genai-environments/service-kit';
import type {
  FileOutcome,
  Job,
  JobFile,
  JobKind,
  JobSums,
  TimeRange,
} from '../domain/Job';

/** A job as it begins: its counters are what its files say. */
export type NewJob = Omit<
  Job,
  'dispatched' | 'totalFiles' | 'completedFiles' | 'failedFiles' | 'updatedAt'
> & { status: 'created' | 'started' };

export type NewFile = Pick<JobFile, 'id' | 'fileName' | 'format'>;

/**
 * Port: jobs, their files and their counters. A job is found by its application only.
 *
 * Counters and the status of a job follow from transitions of its files, in one step with
 * them, and each transition happens once, however often it is asked for.
 */
export interface DocumentJobRepository {
  /** With its files, `queued` when it is started. Silent when the id is there already. */
  createJob(job: NewJob, files: readonly NewFile[]): Promise<void>;

  /**
   * Adds a pending file and counts it.
   *
   * @returns `duplicate` when the job has a file of that name, `closed` when it was
   *   started, is full or is gone
   */
  addFile(
    key: { clientId: string; jobId: string },
    file: NewFile,
    options: { maxFiles: number; now: number },
  ): Promise<'added' | 'duplicate' | 'closed'>;

  /**
   * Starts a created job: files in `failed` get that outcome, all others are queued.
   *
   * @returns `false` when it was started before or is gone
   */
  startJob(
    key: { clientId: string; jobId: string },
    options: {
      failed: ReadonlyArray<{ fileId: string; reason: string }>;
      now: number;
    },
  ): Promise<boolean>;

  /** Records that all orders for a started job's files were sent. Idempotent. */
  markDispatched(jobId: string): Promise<void>;

  /**
   * Started jobs whose orders may not have been sent, oldest first. Complete when no limit is
   * given; pages go on behind what is dispatched meanwhile.
   */
  listUndispatched(page: PageRequest): Promise<Page<Job>>;

  findJob(
    clientId: string,
    key: { kind: JobKind; id: string },
  ): Promise<Job | undefined>;

  /** Newest first. Complete when no limit is given. */
  listJobs(
    clientId: string,
    kind: JobKind,
    page: PageRequest,
  ): Promise<Page<Job>>;

  /** Jobs created in the range, by status ascending; reads none of other applications. */
  sumByStatus(
    clientId: string,
    kind: JobKind,
    range: TimeRange,
  ): Promise<JobSums[]>;

  /** In the order in which they were added; empty when there is no such job. */
  listFiles(jobId: string, page: PageRequest): Promise<Page<JobFile>>;

  findFile(
    jobId: string,
    by: { fileId: string } | { fileName: string },
  ): Promise<JobFile | undefined>;

  /**
   * Ends work on a queued file and counts it; the last one ends the job.
   *
   * @returns `settled` now, `already` before, or `gone` with its job
   */
  settleFile(
    key: { jobId: string; fileId: string },
    outcome: FileOutcome,
    options: { now: number },
  ): Promise<'settled' | 'already' | 'gone'>;

  /**
   * Counts an attempt on a queued file that failed; one that broke off is none.
   *
   * @returns how many there were by now; 0 when the file is not queued any more
   */
  countFailure(key: { jobId: string; fileId: string }): Promise<number>;

  /**
   * Deletes a job with its files, and remembers in the same step that its objects are to
   * be removed.
   *
   * @returns `false` when there is none
   */
  deleteJob(
    clientId: string,
    key: { kind: JobKind; id: string },
    options: { objectPrefix: string },
  ): Promise<boolean>;

  /** Prefixes of objects of deleted jobs, ascending; pages likewise. */
  listRemovals(page: PageRequest): Promise<Page<string>>;

  /** The objects are removed. Idempotent. */
  forgetRemoval(objectPrefix: string): Promise<void>;
}
