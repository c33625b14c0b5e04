import {
  ConflictError,
  inTransaction,
  openDatabase,
} from '@genai-environments/service-kit';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  DocumentMetadata,
  EmbeddedChunk,
  FoundChunk,
  SourceDocument,
} from '../../../domain/Chunk';
import { quantize } from './quantize';
import { INDEX_MIGRATIONS } from './schema';

/** So many removals are remembered one by one; then readers start anew. */
const MAX_REMOVALS = 5000;

/** What is kept of an index on disk: texts, codes, words and documents. */
export class IndexFile {
  readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();

  constructor(readonly path: string) {
    this.database = openDatabase({ path, migrations: INDEX_MIGRATIONS });
    this.database.exec(
      `CREATE VIRTUAL TABLE temp.word USING fts5vocab ('main', 'chunk_text', 'row');
       CREATE VIRTUAL TABLE temp.occurrence USING fts5vocab ('main', 'chunk_text', 'instance')`,
    );
  }

  upsert(batch: {
    document: SourceDocument;
    metadata: DocumentMetadata;
    chunks: EmbeddedChunk[];
  }): void {
    inTransaction(this.database, () => {
      const documentNo = this.putDocument(batch.document, batch.metadata);
      for (const chunk of batch.chunks) {
        this.fixDimension(chunk.vector.length);
        this.removeChunks('document_no = ? AND position = ?', [
          documentNo,
          chunk.position,
        ]);
        this.insertChunk(documentNo, chunk);
      }
    });
  }

  trim(document: SourceDocument, length: number): void {
    inTransaction(this.database, () => {
      const found = this.sql(
        'SELECT no FROM document WHERE file_name = ? AND chunking_job_id = ?',
      ).get(document.fileName, document.chunkingJobId);
      if (!found) return;
      this.removeChunks('document_no = ? AND position >= ?', [
        found.no as number,
        length,
      ]);
    });
  }

  removeDocuments(which: { fileName: string; chunkingJobId?: string }): number {
    return inTransaction(this.database, () => {
      const documents = this.sql(
        `SELECT no FROM document
         WHERE file_name = ?1 AND (?2 IS NULL OR chunking_job_id = ?2)`,
      ).all(which.fileName, which.chunkingJobId ?? null);
      let removed = 0;
      for (const { no } of documents) {
        removed += this.removeChunks('document_no = ?', [no as number]);
        this.sql('DELETE FROM document WHERE no = ?').run(no as number);
      }
      return removed;
    });
  }

  count(): number {
    return this.number('SELECT count(*) AS value FROM code');
  }

  /** `undefined` while it is empty. */
  dimension(): number | undefined {
    return this.sql("SELECT value FROM setting WHERE name = 'dimension'").get()
      ?.value as number | undefined;
  }

  /** In how many chunks each term stands. */
  frequencies(terms: string[]): Array<{ term: string; chunks: number }> {
    const select = this.sql('SELECT doc FROM temp.word WHERE term = ?');
    return terms.map(term => ({
      term,
      chunks: (select.get(term)?.doc as number | undefined) ?? 0,
    }));
  }

  /** The chunks of these rows, in the order in which they are named. */
  read(rows: Array<{ item: number; score: number }>): FoundChunk[] {
    const select = this.sql(
      `SELECT chunk_id AS chunkId, file_name AS fileName, page_number AS pageNumber, text
       FROM chunk JOIN document ON no = document_no WHERE id = ?`,
    );
    return rows.map(({ item, score }) => {
      const { pageNumber, ...row } = select.get(item) as Omit<
        FoundChunk,
        'pageNumber' | 'score'
      > & { pageNumber: number | null };
      return { ...row, ...(pageNumber === null ? {} : { pageNumber }), score };
    });
  }

  /** Several reads of one state. */
  snapshot<T>(read: () => T): T {
    this.database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.database.exec('COMMIT');
    }
  }

  number(text: string, ...parameters: number[]): number {
    return this.sql(text).get(...parameters)!.value as number;
  }

  sql(text: string): StatementSync {
    let statement = this.statements.get(text);
    if (!statement) {
      statement = this.database.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  close(): void {
    this.statements.clear();
    if (this.database.isOpen) this.database.close();
  }

  private putDocument(
    { fileName, chunkingJobId }: SourceDocument,
    metadata: DocumentMetadata,
  ): number {
    return this.sql(
      `INSERT INTO document (file_name, chunking_job_id, metadata) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET metadata = excluded.metadata RETURNING no`,
    ).get(fileName, chunkingJobId, JSON.stringify(metadata))!.no as number;
  }

  private insertChunk(documentNo: number, chunk: EmbeddedChunk): void {
    const { position, pageNumber = null, chunkId, text } = chunk;
    const id = this.sql(
      `INSERT INTO chunk (document_no, position, page_number, chunk_id, text)
       VALUES (?, ?, ?, ?, ?)`,
    ).run(documentNo, position, pageNumber, chunkId, text).lastInsertRowid;
    const { scale, code } = quantize(chunk.vector);
    this.sql(
      `INSERT INTO code (id, document_no, page_number, scale, code)
       VALUES (?, ?, ?, ?, ?)`,
    ).run(id, documentNo, pageNumber, scale, code);
    this.sql('INSERT INTO chunk_text (rowid, text) VALUES (?, ?)').run(
      id,
      text,
    );
  }

  private removeChunks(where: string, parameters: number[]): number {
    const rows = this.sql(`DELETE FROM chunk WHERE ${where} RETURNING id`).all(
      ...parameters,
    );
    for (const { id } of rows) {
      this.sql('DELETE FROM code WHERE id = ?').run(id as number);
      this.sql('DELETE FROM chunk_text WHERE rowid = ?').run(id as number);
      this.sql('INSERT INTO removal (id) VALUES (?)').run(id as number);
    }
    if (rows.length > 0) this.forgetRemovals();
    return rows.length;
  }

  private forgetRemovals(): void {
    const span = this.number(
      'SELECT ifnull(max(no) - min(no), 0) AS value FROM removal',
    );
    if (span < MAX_REMOVALS) return;
    this.sql('DELETE FROM removal').run();
    this.sql(
      "UPDATE setting SET value = value + 1 WHERE name = 'generation'",
    ).run();
  }

  private fixDimension(dimension: number): void {
    this.sql("INSERT OR IGNORE INTO setting VALUES ('dimension', ?)").run(
      dimension,
    );
    const fixed = this.dimension();
    if (fixed === dimension) return;
    throw new ConflictError(
      `The index holds vectors of ${fixed} dimensions, and one of ${dimension} was to be added. Use the embedding model that filled the index, or make another index.`,
      { code: 'dimension_mismatch' },
    );
  }
}
