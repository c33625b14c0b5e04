import {
  ALL_ROWS,
  decodeCursor,
  inTransaction,
  oneMore,
  type Page,
  type PageRequest,
  toPage,
} from '@genai-environments/service-kit';
import type { DatabaseSync } from 'node:sqlite';
import type {
  FileOutcome,
  Job,
  JobFile,
  JobKind,
  JobSums,
  TimeRange,
} from '../../domain/Job';
import type {
  DocumentJobRepository,
  NewFile,
  NewJob,
} from '../../ports/DocumentJobRepository';
import { readPosition } from '../cursors';
import { FileRow, JobRow, toFile, toJob } from './jobRows';

/** Ends a job whose last file has an outcome; else leaves its status. */
const END_JOB = `
  UPDATE job SET status = CASE
      WHEN failed_files = 0 THEN 'completed'
      WHEN completed_files = 0 THEN 'failed'
      ELSE 'completed_with_errors'
    END
  WHERE id = ? AND status = 'started'
    AND completed_files + failed_files = total_files`;

/** Keeps jobs in the service's database. */
export class SqliteDocumentJobRepository implements DocumentJobRepository {
  constructor(private readonly options: { database: DatabaseSync }) {}

  async createJob(job: NewJob, files: readonly NewFile[]): Promise<void> {
    const { id, createdAt: now } = job;
    this.atomically(() => {
      const { changes } = this.sql(
        `INSERT INTO job (id, client_id, kind, status, total_files, ingest_id,
           extraction_job_id, chunking, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      ).run(
        id,
        job.clientId,
        job.kind,
        job.status,
        files.length,
        job.ingestId ?? null,
        job.extractionJobId ?? null,
        job.chunking ? JSON.stringify(job.chunking) : null,
        now,
        now,
      );
      if (changes === 0) return;
      const status = job.status === 'started' ? 'queued' : 'pending';
      for (const file of files) this.insertFile(id, file, { status, now });
    });
  }

  async addFile(
    key: { clientId: string; jobId: string },
    file: NewFile,
    options: { maxFiles: number; now: number },
  ) {
    const { clientId, jobId } = key;
    const { maxFiles, now } = options;
    return this.atomically(() => {
      const duplicate = this.sql(
        'SELECT 1 FROM job_file WHERE job_id = ? AND file_name = ?',
      ).get(jobId, file.fileName);
      if (duplicate) return 'duplicate';
      const { changes } = this.sql(
        `UPDATE job SET total_files = total_files + 1, updated_at = ?
         WHERE id = ? AND client_id = ? AND status = 'created' AND total_files < ?`,
      ).run(now, jobId, clientId, maxFiles);
      if (changes === 0) return 'closed';
      this.insertFile(jobId, file, { status: 'pending', now });
      return 'added';
    });
  }

  async startJob(
    key: { clientId: string; jobId: string },
    options: {
      failed: ReadonlyArray<{ fileId: string; reason: string }>;
      now: number;
    },
  ): Promise<boolean> {
    const { clientId, jobId } = key;
    const { failed, now } = options;
    return this.atomically(() => {
      const { changes } = this.sql(
        `UPDATE job SET status = 'started', updated_at = ?
         WHERE id = ? AND client_id = ? AND status = 'created'`,
      ).run(now, jobId, clientId);
      if (changes === 0) return false;
      this.sql(
        "UPDATE job_file SET status = 'queued', updated_at = ? WHERE job_id = ?",
      ).run(now, jobId);
      for (const { fileId, reason } of failed) {
        this.settle({ jobId, fileId }, { status: 'failed', reason }, now);
      }
      return true;
    });
  }

  async markDispatched(jobId: string): Promise<void> {
    this.sql('UPDATE job SET dispatched = 1 WHERE id = ?').run(jobId);
  }

  async listUndispatched({ limit, cursor }: PageRequest): Promise<Page<Job>> {
    const after = cursor ? readPosition(cursor) : 0;
    const rows = this.sql(
      `SELECT * FROM job WHERE status = 'started' AND dispatched = 0 AND position > ?
       ORDER BY position LIMIT ?`,
    ).all(after, oneMore(limit) ?? ALL_ROWS) as JobRow[];
    return toPage(rows, { limit, placeOf, toItem: toJob });
  }

  async findJob(
    clientId: string,
    key: { kind: JobKind; id: string },
  ): Promise<Job | undefined> {
    const row = this.sql(
      'SELECT * FROM job WHERE id = ? AND client_id = ? AND kind = ?',
    ).get(key.id, clientId, key.kind) as JobRow | undefined;
    return row && toJob(row);
  }

  async listJobs(
    clientId: string,
    kind: JobKind,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Job>> {
    const before = cursor ? readPosition(cursor) : Number.MAX_SAFE_INTEGER;
    const rows = this.sql(
      `SELECT * FROM job WHERE client_id = ? AND kind = ? AND position < ?
       ORDER BY position DESC LIMIT ?`,
    ).all(clientId, kind, before, oneMore(limit) ?? ALL_ROWS) as JobRow[];
    return toPage(rows, { limit, placeOf, toItem: toJob });
  }

  async sumByStatus(
    clientId: string,
    kind: JobKind,
    { from, to }: TimeRange,
  ): Promise<JobSums[]> {
    const rows = this.sql(
      `SELECT status, count(*) AS jobs, sum(total_files) AS totalFiles,
         sum(completed_files) AS completedFiles, sum(failed_files) AS failedFiles
       FROM job WHERE client_id = ? AND kind = ? AND created_at >= ? AND created_at < ?
       GROUP BY status ORDER BY status`,
    ).all(clientId, kind, from, to) as JobSums[];
    return rows.map(row => ({ ...row }));
  }

  async listFiles(
    jobId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<JobFile>> {
    const after = cursor ? readPosition(cursor) : 0;
    const rows = this.sql(
      `SELECT * FROM job_file WHERE job_id = ? AND position > ?
       ORDER BY position LIMIT ?`,
    ).all(jobId, after, oneMore(limit) ?? ALL_ROWS) as FileRow[];
    return toPage(rows, { limit, placeOf, toItem: toFile });
  }

  async findFile(
    jobId: string,
    by: { fileId: string } | { fileName: string },
  ): Promise<JobFile | undefined> {
    const [column, value] =
      'fileId' in by ? ['id', by.fileId] : ['file_name', by.fileName];
    const row = this.sql(
      `SELECT * FROM job_file WHERE job_id = ? AND ${column} = ?`,
    ).get(jobId, value) as FileRow | undefined;
    return row && toFile(row);
  }

  async settleFile(
    key: { jobId: string; fileId: string },
    outcome: FileOutcome,
    { now }: { now: number },
  ) {
    return this.atomically(() => {
      if (this.settle(key, outcome, now)) return 'settled';
      const there = this.sql(
        'SELECT 1 FROM job_file WHERE job_id = ? AND id = ?',
      ).get(key.jobId, key.fileId);
      return there ? 'already' : 'gone';
    });
  }

  async countFailure(key: { jobId: string; fileId: string }): Promise<number> {
    const row = this.sql(
      `UPDATE job_file SET failures = failures + 1
       WHERE job_id = ? AND id = ? AND status = 'queued' RETURNING failures`,
    ).get(key.jobId, key.fileId) as { failures: number } | undefined;
    return row?.failures ?? 0;
  }

  async deleteJob(
    clientId: string,
    key: { kind: JobKind; id: string },
    { objectPrefix }: { objectPrefix: string },
  ): Promise<boolean> {
    return this.atomically(() => {
      const { changes } = this.sql(
        'DELETE FROM job WHERE id = ? AND client_id = ? AND kind = ?',
      ).run(key.id, clientId, key.kind);
      if (changes === 0) return false;
      this.sql('INSERT OR IGNORE INTO removal (object_prefix) VALUES (?)').run(
        objectPrefix,
      );
      return true;
    });
  }

  async listRemovals({ limit, cursor }: PageRequest): Promise<Page<string>> {
    const rows = this.sql(
      `SELECT object_prefix AS prefix FROM removal WHERE object_prefix > ?
       ORDER BY object_prefix LIMIT ?`,
    ).all(cursor ? decodeCursor(cursor) : '', oneMore(limit) ?? ALL_ROWS);
    const prefixes = (rows as Array<{ prefix: string }>).map(
      ({ prefix }) => prefix,
    );
    const itself = (prefix: string) => prefix;
    return toPage(prefixes, { limit, placeOf: itself, toItem: itself });
  }

  async forgetRemoval(objectPrefix: string): Promise<void> {
    this.sql('DELETE FROM removal WHERE object_prefix = ?').run(objectPrefix);
  }

  /** Only out of `queued`, which is why a file counts once. */
  private settle(
    { jobId, fileId }: { jobId: string; fileId: string },
    outcome: FileOutcome,
    now: number,
  ): boolean {
    const done = outcome.status === 'completed' ? outcome : undefined;
    const { changes } = this.sql(
      `UPDATE job_file SET status = ?, reason = ?, warning = ?, page_count = ?,
         table_count = ?, chunk_count = ?, updated_at = ?
       WHERE job_id = ? AND id = ? AND status = 'queued'`,
    ).run(
      outcome.status,
      outcome.status === 'failed' ? outcome.reason : null,
      done?.warning ?? null,
      done?.pageCount ?? null,
      done?.tableCount ?? null,
      done?.chunkCount ?? null,
      now,
      jobId,
      fileId,
    );
    if (changes === 0) return false;
    const counter = done ? 'completed_files' : 'failed_files';
    this.sql(
      `UPDATE job SET ${counter} = ${counter} + 1, updated_at = ? WHERE id = ?`,
    ).run(now, jobId);
    this.sql(END_JOB).run(jobId);
    return true;
  }

  private insertFile(
    jobId: string,
    { id, fileName, format }: NewFile,
    { status, now }: { status: 'pending' | 'queued'; now: number },
  ): void {
    this.sql(
      `INSERT INTO job_file (job_id, id, file_name, format, status, updated_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(jobId, id, fileName, format, status, now);
  }

  private atomically<T>(work: () => T): T {
    return inTransaction(this.options.database, work);
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

function placeOf({ position }: { position: number }): number {
  return position;
}
