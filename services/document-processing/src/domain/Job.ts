import type { ChunkSize } from './chunking/Span';
import type { Format } from './Format';

export type JobKind = 'extraction' | 'chunking';

/** `created` takes files; `started` has work left; the others are ends. */
export type JobStatus =
  | 'created'
  | 'started'
  | 'completed'
  | 'completed_with_errors'
  | 'failed';

/** `pending` until its job is started; `queued` until it was worked on. */
export type FileStatus = 'pending' | 'queued' | 'completed' | 'failed';

export const CHUNKING_STRATEGIES = [
  'fixed_size',
  'recursive',
  'page',
  'markdown',
  'token',
] as const;

export type ChunkingStrategy = (typeof CHUNKING_STRATEGIES)[number];

export type ChunkingSettings = ChunkSize & { strategy: ChunkingStrategy };

/** Work on a number of files, of one application. */
export type Job = {
  id: string;
  clientId: string;
  kind: JobKind;
  status: JobStatus;
  /** Whether every file that has to be worked on was ordered from the queue. */
  dispatched: boolean;
  totalFiles: number;
  completedFiles: number;
  failedFiles: number;
  /** The ingest that made it. */
  ingestId?: string;
  /** Of a chunking job: where its files come from. */
  extractionJobId?: string;
  /** Of a chunking job. */
  chunking?: ChunkingSettings;
  /** Milliseconds since the epoch, like `updatedAt`. */
  createdAt: number;
  updatedAt: number;
};

/** One file of a job. */
export type JobFile = {
  /** Names its objects; a chunked file keeps the id of the extracted one. */
  id: string;
  jobId: string;
  fileName: string;
  format: Format;
  status: FileStatus;
  /** Why it failed, for people. */
  reason?: string;
  /** What a completed file lacks, for people. */
  warning?: string;
  /** Once completed. */
  pageCount?: number;
  tableCount?: number;
  chunkCount?: number;
  updatedAt: number;
};

/** The jobs of an application that have one status, and their files. */
export type JobSums<S extends string = JobStatus> = {
  status: S;
  jobs: number;
  totalFiles: number;
  completedFiles: number;
  failedFiles: number;
};

/** From `from` up to, not including, `to`; milliseconds since 1970. */
export type TimeRange = { from: number; to: number };

/** How work on a file ended. */
export type FileOutcome =
  | {
      status: 'completed';
      pageCount?: number;
      tableCount?: number;
      chunkCount?: number;
      warning?: string;
    }
  | { status: 'failed'; reason: string };

/** Order to work on a file. */
export type FileMessage = { clientId: string; jobId: string; fileId: string };

export function isFinished({ status }: Pick<Job, 'status'>): boolean {
  return status !== 'created' && status !== 'started';
}
