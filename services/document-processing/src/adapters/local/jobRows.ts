import type { Format } from '../../domain/Format';
import type {
  FileStatus,
  Job,
  JobFile,
  JobKind,
  JobStatus,
} from '../../domain/Job';

/** A row of the table `job`. */
export type JobRow = {
  position: number;
  id: string;
  client_id: string;
  kind: JobKind;
  status: JobStatus;
  dispatched: number;
  total_files: number;
  completed_files: number;
  failed_files: number;
  ingest_id: string | null;
  extraction_job_id: string | null;
  chunking: string | null;
  created_at: number;
  updated_at: number;
};

/** A row of the table `job_file`. */
export type FileRow = {
  position: number;
  job_id: string;
  id: string;
  file_name: string;
  format: Format;
  status: FileStatus;
  reason: string | null;
  warning: string | null;
  page_count: number | null;
  table_count: number | null;
  chunk_count: number | null;
  updated_at: number;
};

export function toJob(row: JobRow): Job {
  return {
    id: row.id,
    clientId: row.client_id,
    kind: row.kind,
    status: row.status,
    dispatched: row.dispatched === 1,
    totalFiles: row.total_files,
    completedFiles: row.completed_files,
    failedFiles: row.failed_files,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...present({
      ingestId: row.ingest_id,
      extractionJobId: row.extraction_job_id,
    }),
    ...(row.chunking === null ? {} : { chunking: JSON.parse(row.chunking) }),
  };
}

export function toFile(row: FileRow): JobFile {
  return {
    id: row.id,
    jobId: row.job_id,
    fileName: row.file_name,
    format: row.format,
    status: row.status,
    updatedAt: row.updated_at,
    ...present({
      reason: row.reason,
      warning: row.warning,
      pageCount: row.page_count,
      tableCount: row.table_count,
      chunkCount: row.chunk_count,
    }),
  };
}

/** Columns without a value are properties that are absent. */
function present<T extends object>(
  columns: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== null),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
