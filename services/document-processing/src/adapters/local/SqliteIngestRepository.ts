import type { DatabaseSync } from 'node:sqlite';
import type { Ingest } from '../../domain/Ingest';
import type { IngestRepository } from '../../ports/IngestRepository';

type Row = {
  id: string;
  client_id: string;
  extraction_job_id: string;
  chunking_job_id: string;
  planned_vectorize_job_id: string;
  vectorize_job_id: string | null;
  index_id: string | null;
  chunking: string;
  ending: string | null;
  created_at: number;
  updated_at: number;
};

/** Keeps ingests in the service's database. */
export class SqliteIngestRepository implements IngestRepository {
  constructor(private readonly options: { database: DatabaseSync }) {}

  async create(ingest: Ingest): Promise<void> {
    this.sql(
      `INSERT INTO ingest (id, client_id, extraction_job_id, chunking_job_id,
         planned_vectorize_job_id, index_id, chunking, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      ingest.id,
      ingest.clientId,
      ingest.extractionJobId,
      ingest.chunkingJobId,
      ingest.plannedVectorizeJobId,
      ingest.indexId ?? null,
      JSON.stringify(ingest.chunking),
      ingest.createdAt,
      ingest.updatedAt,
    );
  }

  async find(clientId: string, id: string): Promise<Ingest | undefined> {
    const row = this.sql(
      'SELECT * FROM ingest WHERE id = ? AND client_id = ?',
    ).get(id, clientId) as Row | undefined;
    return row && toIngest(row);
  }

  async update(
    id: string,
    change: Partial<Pick<Ingest, 'vectorizeJobId' | 'ending'>> & {
      updatedAt: number;
    },
  ): Promise<void> {
    this.sql(
      `UPDATE ingest SET vectorize_job_id = coalesce(?, vectorize_job_id),
         ending = coalesce(?, ending), updated_at = ? WHERE id = ?`,
    ).run(
      change.vectorizeJobId ?? null,
      change.ending ? JSON.stringify(change.ending) : null,
      change.updatedAt,
      id,
    );
  }

  async delete(clientId: string, id: string): Promise<boolean> {
    const { changes } = this.sql(
      'DELETE FROM ingest WHERE id = ? AND client_id = ?',
    ).run(id, clientId);
    return changes === 1;
  }

  private sql(text: string) {
    return this.options.database.prepare(text);
  }
}

function toIngest(row: Row): Ingest {
  return {
    id: row.id,
    clientId: row.client_id,
    extractionJobId: row.extraction_job_id,
    chunkingJobId: row.chunking_job_id,
    plannedVectorizeJobId: row.planned_vectorize_job_id,
    chunking: JSON.parse(row.chunking),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.vectorize_job_id ? { vectorizeJobId: row.vectorize_job_id } : {}),
    ...(row.index_id ? { indexId: row.index_id } : {}),
    ...(row.ending ? { ending: JSON.parse(row.ending) } : {}),
  };
}
