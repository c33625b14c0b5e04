import { ConflictError } from '@genai-environments/service-kit';
import type { DocumentMetadata, FoundChunk } from '../../../domain/Chunk';
import { bindFilter, BoundFilter, Filter } from '../../../domain/filter';
import { CodeRow, CodeTable, RowTest } from './CodeTable';
import type { IndexFile } from './IndexFile';
import { pickRarest, termsOf, toMatchExpression } from './matchExpression';
import { TopList } from './TopList';
import { WordTable } from './WordTable';

/** Rows of an index that is too large for memory, per step. */
const ROWS_PER_STEP = 8192;

/** What is ranked by words at most in an index that is too large for memory; about 5 ms. */
const MAX_RANKED_ROWS = 5000;

/** Of the memory for codes, so much goes to the places of words. */
const WORDS_PART = 8;

type StoredDocument = { fileName: string; metadata: DocumentMetadata };

/** Searches one index; keeps its codes in memory and catches up before each search. */
export class IndexReader {
  private table: CodeTable | undefined;
  private words: { codes: CodeTable; table: WordTable } | undefined;
  private readonly documents = new Map<number, StoredDocument>();
  private generation = 0;
  private lastId = 0;
  private lastRemoval = 0;

  constructor(
    private readonly options: { file: IndexFile; maxCachedBytes: number },
  ) {}

  get cachedBytes(): number {
    return (this.table?.bytes ?? 0) + (this.words?.table.bytes ?? 0);
  }

  searchByVector(query: {
    vector: Float32Array;
    limit: number;
    filter?: Filter;
  }): FoundChunk[] {
    const { file } = this.options;
    const { vector, limit, filter } = query;
    return file.snapshot(() => {
      const dimension = file.dimension();
      if (dimension === undefined) return [];
      if (dimension !== vector.length) throw otherDimension(dimension, vector);

      const best = new TopList(limit);
      const test = filter && this.toRowTest(filter);
      if (this.fits(dimension)) {
        this.catchUp(dimension).scan(vector, best, test);
      } else {
        this.scanFromDisk(vector, best, test);
      }
      return file.read(best.entries());
    });
  }

  searchByText(query: {
    text: string;
    limit: number;
    filter?: Filter;
  }): FoundChunk[] {
    const { file } = this.options;
    const terms = termsOf(query.text);
    if (terms.length === 0) return [];
    return file.snapshot(() => {
      const dimension = file.dimension();
      if (dimension === undefined) return [];
      const test = query.filter && this.toRowTest(query.filter);
      if (!this.fits(dimension)) return this.rankOnDisk(terms, query, test);

      const best = new TopList(query.limit);
      this.wordsOf(this.catchUp(dimension)).search(terms, best, test);
      return file.read(best.entries());
    });
  }

  /** Frees what is held in memory. */
  forget(): void {
    this.table = undefined;
    this.words = undefined;
    this.documents.clear();
    this.generation = 0;
  }

  private wordsOf(codes: CodeTable): WordTable {
    if (this.words?.codes !== codes) {
      const { file, maxCachedBytes } = this.options;
      const maxBytes = maxCachedBytes / WORDS_PART;
      const table = new WordTable({ file, codes, maxBytes });
      this.words = { codes, table };
    }
    return this.words.table;
  }

  /** By the rarest words alone: FTS5 takes its time for every row. */
  private rankOnDisk(
    terms: string[],
    { limit }: { limit: number },
    test?: RowTest,
  ): FoundChunk[] {
    const { file } = this.options;
    const expression = toMatchExpression(
      pickRarest(file.frequencies(terms), MAX_RANKED_ROWS),
    );
    const found: Array<{ item: number; score: number }> = [];
    const ranked = file
      .sql(
        `SELECT rowid AS id, rank FROM chunk_text
         WHERE chunk_text MATCH ? ORDER BY rank, rowid${
           test ? '' : ' LIMIT ?'
         }`,
      )
      .iterate(expression, ...(test ? [] : [limit]));
    for (const { id, rank } of ranked) {
      if (found.length === limit) break;
      if (test && !this.passes(id as number, test)) continue;
      // FTS5 ranks are negative: the better, the smaller.
      found.push({ item: id as number, score: -(rank as number) });
    }
    return file.read(found);
  }

  private passes(id: number, test: RowTest): boolean {
    const row = this.options.file
      .sql('SELECT document_no, page_number FROM code WHERE id = ?')
      .get(id);
    return (
      row !== undefined &&
      test(row.document_no as number, (row.page_number as number) ?? undefined)
    );
  }

  private fits(dimension: number): boolean {
    const { file, maxCachedBytes } = this.options;
    const rows = this.table
      ? this.table.length
      : file.number('SELECT ifnull(max(id), 0) AS value FROM code');
    if (CodeTable.bytesFor(dimension, rows) <= maxCachedBytes) return true;
    // Ids have gaps: only what seems too large is counted.
    if (CodeTable.bytesFor(dimension, file.count()) <= maxCachedBytes) {
      return true;
    }
    this.table = undefined;
    return false;
  }

  private catchUp(dimension: number): CodeTable {
    const { file } = this.options;
    const generation = file.number(
      "SELECT value FROM setting WHERE name = 'generation'",
    );
    if (
      !this.table ||
      this.table.isSparse ||
      this.generation !== generation ||
      this.table.dimension !== dimension
    ) {
      this.table = new CodeTable(dimension);
      this.generation = generation;
      this.lastId = 0;
      this.lastRemoval = file.number(
        'SELECT ifnull(max(no), 0) AS value FROM removal',
      );
    }
    for (const { no, id } of file
      .sql('SELECT no, id FROM removal WHERE no > ? ORDER BY no')
      .iterate(this.lastRemoval)) {
      this.table.remove(id as number);
      this.lastRemoval = no as number;
    }
    for (const row of this.codesAfter(this.lastId)) {
      this.table.add(row);
      this.lastId = row.id;
    }
    return this.table;
  }

  private scanFromDisk(
    vector: Float32Array,
    best: TopList,
    test?: RowTest,
  ): void {
    const table = new CodeTable(vector.length);
    const scan = () => {
      table.scan(vector, best, test);
      table.clear();
    };
    for (const row of this.codesAfter(0)) {
      table.add(row);
      if (table.length === ROWS_PER_STEP) scan();
    }
    scan();
  }

  private *codesAfter(id: number): Generator<CodeRow> {
    for (const row of this.options.file
      .sql(
        `SELECT id, document_no, page_number, scale, code FROM code
         WHERE id > ? ORDER BY id`,
      )
      .iterate(id)) {
      const bytes = row.code as Uint8Array;
      yield {
        id: row.id as number,
        documentNo: row.document_no as number,
        pageNumber: row.page_number as number | null,
        scale: row.scale as number,
        code: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      };
    }
  }

  /** Decides for each document once, and for each page of it only when that matters. */
  private toRowTest(filter: Filter): RowTest {
    this.readDocuments();
    const bound = new Map<number, BoundFilter>();
    for (const [no, document] of this.documents) {
      const decided = bindFilter(filter, document);
      if (decided !== false) bound.set(no, decided);
    }
    return (documentNo, pageNumber) => {
      const decided = bound.get(documentNo) ?? false;
      return typeof decided === 'function' ? decided(pageNumber) : decided;
    };
  }

  private readDocuments(): void {
    this.documents.clear();
    for (const row of this.options.file
      .sql('SELECT no, file_name, metadata FROM document')
      .iterate()) {
      this.documents.set(row.no as number, {
        fileName: row.file_name as string,
        metadata: JSON.parse(row.metadata as string),
      });
    }
  }
}

function otherDimension(
  dimension: number,
  vector: Float32Array,
): ConflictError {
  return new ConflictError(
    `The index holds vectors of ${dimension} dimensions, and the query has ${vector.length}. Use the embedding model that filled the index.`,
    { code: 'dimension_mismatch' },
  );
}
