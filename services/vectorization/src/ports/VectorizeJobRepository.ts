import type { Page, PageRequest } from '@genai-environments/service-kit';
import type { JobSums, TimeRange } from '../domain/JobSums';
import type {
  FileOutcome,
  JobFile,
  VectorizeJob,
} from '../domain/VectorizeJob';

/** What queueing a job takes; `createdAt` in milliseconds since 1970. */
export type UnqueuedJob = {
  jobId: string;
  totalFiles: number;
  createdAt: number;
};

/**
 * Port: jobs and their files. An application never sees another one's. Lists are in the
 * order of creation and complete when no limit is given.
 */
export interface VectorizeJobRepository {
  /**
   * Adds the job with its files, all or nothing; its files are not queued yet.
   *
   * @returns `false` when there is a job of that id, which stays as it is; concurrent calls
   * included
   * @throws NotFoundError (`index_not_found`) when its index was removed meanwhile
   */
  add(job: VectorizeJob, fileNames: string[]): Promise<boolean>;

  find(clientId: string, jobId: string): Promise<VectorizeJob | undefined>;

  list(clientId: string, page: PageRequest): Promise<Page<VectorizeJob>>;

  /** The jobs made in a range of time, by status ascending; reads no others. */
  sumByStatus(clientId: string, range: TimeRange): Promise<JobSums[]>;

  /** `undefined` when there is no such job. */
  listFiles(
    clientId: string,
    jobId: string,
    page: PageRequest,
  ): Promise<Page<JobFile> | undefined>;

  /** Every message of the job is in the queue. Safe to repeat. */
  markQueued(jobId: string): Promise<void>;

  /** Jobs whose messages may not all be in the queue, oldest first. */
  listUnqueued(): Promise<UnqueuedJob[]>;

  /**
   * A worker begins, or begins again, with a file; chunks before `progress` are in the index.
   *
   * @returns `undefined` when the job is gone
   */
  beginFile(
    jobId: string,
    fileNo: number,
    now: number,
  ): Promise<
    { job: VectorizeJob; file: JobFile; progress: number } | undefined
  >;

  /**
   * All chunks before `position` of a file that was begun are in the index. A lower number
   * than one before changes nothing, nor does a call for what has ended or is gone.
   */
  noteProgress(jobId: string, fileNo: number, position: number): Promise<void>;

  /**
   * Counts an attempt on a file that was begun and failed; one that broke off is none.
   *
   * @returns how many there were by now; 0 when the file has ended or is gone
   */
  countFailure(jobId: string, fileNo: number): Promise<number>;

  /**
   * Ends a file. The first outcome counts, exactly once, however often and from wherever
   * this is called.
   */
  settleFile(
    jobId: string,
    fileNo: number,
    outcome: FileOutcome,
    now: number,
  ): Promise<void>;

  /** @returns `false` when there is no such job */
  remove(clientId: string, jobId: string): Promise<boolean>;
}
