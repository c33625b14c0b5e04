import { createHash } from 'node:crypto';
import type { TableItem, TableKey } from '@genai-environments/service-kit/aws';
import type {
  FileStatus,
  Job,
  JobFile,
  JobKind,
  JobStatus,
} from '../../domain/Job';
import type { NewFile, NewJob } from '../../ports/DocumentJobRepository';

/** Started jobs whose orders may not have been sent, by the time of their creation. */
export const UNDISPATCHED = 'documents#undispatched';

/** Prefixes of objects of deleted jobs. */
export const REMOVALS = 'documents#removal';

/** Where files are in the partition of their job's files, in their order. */
export const FILE_PREFIX = 'f#';

/**
 * A job. Its status is no attribute: once started it follows from the counters, so that
 * one `ADD` settles a file and, if it was the last one, ends the job.
 */
export type JobItem = TableKey &
  Omit<Job, 'status'> & {
    state: 'created' | 'started';
    startedAt?: number;
    /** Names the partition of its files. */
    filesId: string;
  };

/** A file; `pending` is `queued` once the job is started. */
export type FileItem = TableKey &
  Omit<JobFile, 'jobId' | 'status'> & {
    status: Exclude<FileStatus, 'queued'>;
    failures?: number;
  };

export function jobKey(id: string): TableKey {
  return { pk: `documents#job#${id}`, sk: 'job' };
}

/** Jobs of one kind and application, by the time of their creation. */
export function jobsOf(clientId: string, kind: JobKind): string {
  return `documents#jobs#${kind}#${clientId}`;
}

export function jobSk(job: Pick<Job, 'id' | 'createdAt'>): string {
  return `${padded(job.createdAt, 15)}#${job.id}`;
}

export function filesOf(filesId: string): string {
  return `documents#files#${filesId}`;
}

/** Points at a file. */
export function pointerKey(
  filesId: string,
  by: { fileId: string } | { fileName: string },
): TableKey {
  // Names are longer than a key may be.
  const sk =
    'fileId' in by
      ? `i#${by.fileId}`
      : `n#${createHash('sha256').update(by.fileName).digest('base64url')}`;
  return { pk: filesOf(filesId), sk };
}

/** A number as text that sorts like it. */
export function padded(value: number, digits: number): string {
  const most = 10 ** digits - 1;
  const whole = Math.min(most, Math.max(0, Math.ceil(value)));
  return String(whole).padStart(digits, '0');
}

export function toJobItem(
  job: NewJob,
  files: { filesId: string; count: number },
): JobItem {
  const { status: state, ...rest } = job;
  return {
    ...jobKey(job.id),
    ...rest,
    state,
    dispatched: false,
    totalFiles: files.count,
    completedFiles: 0,
    failedFiles: 0,
    updatedAt: job.createdAt,
    filesId: files.filesId,
    ...(state === 'started' ? { startedAt: job.createdAt } : {}),
  };
}

/** A new file, and what points at it. */
export function toFileItems(
  filesId: string,
  file: NewFile,
  position: { now: number; index: number },
): [file: FileItem, byId: TableItem, byName: TableItem] {
  const { id, fileName, format } = file;
  const { now, index } = position;
  const sk = `${FILE_PREFIX}${padded(now, 15)}#${padded(index, 5)}#${id}`;
  return [
    {
      ...{ pk: filesOf(filesId), sk, id, fileName, format },
      ...{ status: 'pending', updatedAt: now },
    },
    { ...pointerKey(filesId, { fileId: id }), file: sk },
    { ...pointerKey(filesId, { fileName }), file: sk },
  ];
}

export function toJob(item: TableItem): Job {
  const { pk, sk, state, startedAt, filesId, ...job } = item as JobItem;
  return { ...job, status: statusOf(item as JobItem) };
}

export function toFile(item: TableItem, job: JobItem): JobFile {
  const { pk, sk, failures, ...file } = item as FileItem;
  if (file.status !== 'pending' || job.state === 'created') {
    return { ...file, jobId: job.id };
  }
  const updatedAt = Math.max(file.updatedAt, job.startedAt ?? 0);
  return { ...file, jobId: job.id, status: 'queued', updatedAt };
}

function statusOf(job: JobItem): JobStatus {
  const { state, totalFiles, completedFiles, failedFiles } = job;
  if (totalFiles === 0 || completedFiles + failedFiles < totalFiles) {
    return state;
  }
  if (failedFiles === 0) return 'completed';
  return completedFiles === 0 ? 'failed' : 'completed_with_errors';
}
