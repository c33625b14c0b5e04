import {
  inTransaction,
  type PageRequest,
} from '@genai-environments/service-kit';
import { noIndex } from '../../domain/noIndex';
import type { DatabaseSync } from 'node:sqlite';
import {
  type JobCount,
  JobSummation,
  type TimeRange,
} from '../../domain/JobSums';
import type {
  FileOutcome,
  FileStatus,
  JobFile,
  VectorizeJob,
} from '../../domain/VectorizeJob';
import type {
  UnqueuedJob,
  VectorizeJobRepository,
} from '../../ports/VectorizeJobRepository';
import { pageBounds, toNumberedPage } from './pages';

type JobRow = {
  no: number;
  id: string;
  client_id: string;
  store_id: string;
  index_id: string;
  chunking_job_id: string;
  metadata: string;
  total_files: number;
  completed_files: number;
  failed_files: number;
  begun: number;
  created_at: number;
  updated_at: number;
};

type FileRow = {
  no: number;
  file_name: string;
  status: string;
  chunk_count: number | null;
  reason: string | null;
  progress: number;
};

/** Keeps jobs and their files in the service's database. */
export class SqliteVectorizeJobRepository implements VectorizeJobRepository {
  constructor(private readonly options: { database: DatabaseSync }) {}

  async add(job: VectorizeJob, fileNames: string[]) {
    return inTransaction(this.options.database, () => {
      const index = this.sql('SELECT 1 FROM vector_index WHERE id = ?');
      if (!index.get(job.indexId)) throw noIndex();
      const { changes } = this.sql(
        `INSERT INTO vectorize_job (id, client_id, store_id, index_id, chunking_job_id,
           metadata, total_files, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      ).run(
        job.id,
        job.clientId,
        job.storeId,
        job.indexId,
        job.chunkingJobId,
        JSON.stringify(job.metadata),
        job.totalFiles,
        job.createdAt,
        job.updatedAt,
      );
      if (changes === 0) return false;
      const insert = this.sql(
        `INSERT INTO vectorize_file (job_id, no, file_name, status)
         VALUES (?, ?, ?, 'PENDING')`,
      );
      fileNames.forEach((name, no) => insert.run(job.id, no, name));
      return true;
    });
  }

  async find(clientId: string, jobId: string) {
    const row = this.sql(
      'SELECT * FROM vectorize_job WHERE id = ? AND client_id = ?',
    ).get(jobId, clientId);
    return row && toJob(row as JobRow);
  }

  async list(clientId: string, page: PageRequest) {
    const { after, count } = pageBounds(page);
    const rows = this.sql(
      'SELECT * FROM vectorize_job WHERE client_id = ? AND no > ? ORDER BY no LIMIT ?',
    ).all(clientId, after, count) as JobRow[];
    return toNumberedPage(rows, page, toJob);
  }

  async sumByStatus(clientId: string, { from, to }: TimeRange) {
    // Jobs of one group have one status, and so have their sums.
    const groups = this.sql(
      `SELECT begun, count(*) AS jobs, sum(total_files) AS totalFiles,
         sum(completed_files) AS completedFiles, sum(failed_files) AS failedFiles
       FROM vectorize_job WHERE client_id = ? AND created_at >= ? AND created_at < ?
       GROUP BY begun, completed_files + failed_files < total_files,
         completed_files > 0, failed_files > 0`,
    ).all(clientId, from, to) as Array<
      Omit<JobCount, 'begun'> & { begun: number }
    >;
    const sums = new JobSummation();
    for (const { begun, ...counts } of groups) {
      sums.add({ ...counts, begun: begun === 1 });
    }
    return sums.toList();
  }

  async listFiles(clientId: string, jobId: string, page: PageRequest) {
    if (!(await this.find(clientId, jobId))) return undefined;
    const { after, count } = pageBounds(page);
    const rows = this.sql(
      'SELECT * FROM vectorize_file WHERE job_id = ? AND no > ? ORDER BY no LIMIT ?',
    ).all(jobId, after, count) as FileRow[];
    return toNumberedPage(rows, page, toFile);
  }

  async markQueued(jobId: string) {
    this.sql('UPDATE vectorize_job SET queued = 1 WHERE id = ?').run(jobId);
  }

  async listUnqueued() {
    return this.sql(
      `SELECT id AS jobId, total_files AS totalFiles, created_at AS createdAt
       FROM vectorize_job WHERE queued = 0 ORDER BY no`,
    ).all() as UnqueuedJob[];
  }

  async beginFile(jobId: string, fileNo: number, now: number) {
    return inTransaction(this.options.database, () => {
      this.sql(
        `UPDATE vectorize_file SET status = 'IN_PROGRESS'
         WHERE job_id = ? AND no = ? AND status = 'PENDING'`,
      ).run(jobId, fileNo);
      const job = this.sql(
        `UPDATE vectorize_job
         SET begun = 1, updated_at = iif(begun, updated_at, ?) WHERE id = ? RETURNING *`,
      ).get(now, jobId);
      const file = this.sql(
        'SELECT * FROM vectorize_file WHERE job_id = ? AND no = ?',
      ).get(jobId, fileNo);
      return job && file
        ? {
            job: toJob(job as JobRow),
            file: toFile(file as FileRow),
            progress: (file as FileRow).progress,
          }
        : undefined;
    });
  }

  async noteProgress(jobId: string, fileNo: number, position: number) {
    this.sql(
      `UPDATE vectorize_file SET progress = ?1
       WHERE job_id = ?2 AND no = ?3 AND status = 'IN_PROGRESS' AND progress < ?1`,
    ).run(position, jobId, fileNo);
  }

  async countFailure(jobId: string, fileNo: number) {
    const row = this.sql(
      `UPDATE vectorize_file SET failures = failures + 1
       WHERE job_id = ? AND no = ? AND status = 'IN_PROGRESS' RETURNING failures`,
    ).get(jobId, fileNo) as { failures: number } | undefined;
    return row?.failures ?? 0;
  }

  async settleFile(
    jobId: string,
    fileNo: number,
    outcome: FileOutcome,
    now: number,
  ) {
    const completed = outcome.status === 'COMPLETED';
    inTransaction(this.options.database, () => {
      const { changes } = this.sql(
        `UPDATE vectorize_file SET status = ?, chunk_count = ?, reason = ?
         WHERE job_id = ? AND no = ? AND status IN ('PENDING', 'IN_PROGRESS')`,
      ).run(
        outcome.status,
        completed ? outcome.chunkCount : null,
        completed ? null : outcome.reason,
        jobId,
        fileNo,
      );
      if (changes === 0) return;
      const counter = completed ? 'completed_files' : 'failed_files';
      this.sql(
        `UPDATE vectorize_job SET ${counter} = ${counter} + 1, begun = 1, updated_at = ?
         WHERE id = ?`,
      ).run(now, jobId);
    });
  }

  async remove(clientId: string, jobId: string) {
    const { changes } = this.sql(
      'DELETE FROM vectorize_job WHERE id = ? AND client_id = ?',
    ).run(jobId, clientId);
    return changes === 1;
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

function toJob(row: JobRow): VectorizeJob {
  return {
    id: row.id,
    clientId: row.client_id,
    storeId: row.store_id,
    indexId: row.index_id,
    chunkingJobId: row.chunking_job_id,
    metadata: JSON.parse(row.metadata),
    totalFiles: row.total_files,
    completedFiles: row.completed_files,
    failedFiles: row.failed_files,
    begun: row.begun === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toFile(row: FileRow): JobFile {
  return {
    no: row.no,
    fileName: row.file_name,
    status: row.status as FileStatus,
    ...(row.chunk_count === null ? {} : { chunkCount: row.chunk_count }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}
