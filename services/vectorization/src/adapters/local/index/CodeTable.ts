import { CodeMemory, ROWS_PER_BLOCK } from './CodeMemory';
import { GrowingArray } from './GrowingArray';
import type { Code } from './quantize';
import { QueryScores } from './QueryScores';
import type { TopList } from './TopList';

/** Stands for a chunk without a page. */
const NO_PAGE = -1;

/** What a row takes beside its code, with room to grow. */
const COLUMN_BYTES = 20;

export type CodeRow = {
  id: number;
  documentNo: number;
  pageNumber: number | null;
} & Code;

/** Which rows a search considers; everything when absent. */
export type RowTest = (documentNo: number, pageNumber?: number) => boolean;

/**
 * The codes of an index in memory. Rows come in ascending order of id; removed ones keep
 * their place until the table is built anew.
 */
export class CodeTable {
  private readonly codes: CodeMemory;
  private readonly ids = new GrowingArray(Float64Array);
  private readonly documents = new GrowingArray(Int32Array);
  private readonly pages = new GrowingArray(Int32Array);
  private readonly dead = new GrowingArray(Uint8Array);
  private deadCount = 0;

  constructor(readonly dimension: number) {
    this.codes = new CodeMemory(dimension);
  }

  /** What a table of so many rows takes. */
  static bytesFor(dimension: number, rows: number): number {
    return rows * (CodeMemory.bytesPerRow(dimension) + COLUMN_BYTES);
  }

  get bytes(): number {
    return this.codes.bytes + this.ids.length * 17;
  }

  get length(): number {
    return this.ids.length;
  }

  /** Whether building it anew would free much. */
  get isSparse(): boolean {
    return this.deadCount > 1024 && this.deadCount * 2 > this.length;
  }

  add(row: CodeRow): void {
    this.codes.put(this.length, row);
    this.ids.push(row.id);
    this.documents.push(row.documentNo);
    this.pages.push(row.pageNumber ?? NO_PAGE);
    this.dead.push(0);
  }

  remove(id: number): void {
    const slot = this.ids.indexOf(id);
    if (slot < 0 || this.dead.at(slot)) return;
    this.dead.set(slot, 1);
    this.deadCount += 1;
  }

  clear(): void {
    for (const column of [this.ids, this.documents, this.pages, this.dead]) {
      column.clear();
    }
    this.deadCount = 0;
  }

  /** Offers ids of the nearest rows with their cosines. */
  scan(vector: Float32Array, best: TopList, test?: RowTest): void {
    const query = new QueryScores(this.codes, vector);
    for (let start = 0; start < this.length; start += ROWS_PER_BLOCK) {
      const count = Math.min(ROWS_PER_BLOCK, this.length - start);
      const scores = query.bound(start / ROWS_PER_BLOCK, count);
      let { floor } = best;
      for (let within = 0; within < count; within++) {
        // Most rows end here; the floor is -Infinity at first.
        if (!(scores[within] > floor)) continue;
        if (!this.hasSlot(start + within, test)) continue;
        query.makeExact(within);
        best.offer(this.ids.at(start + within), scores[within]);
        floor = best.floor;
      }
    }
  }

  /** Of the row that came in this place, counted from 0. */
  idAt(slot: number): number {
    return this.ids.at(slot);
  }

  /** Whether the row is there still, and passes. */
  hasSlot(slot: number, test?: RowTest): boolean {
    return !this.dead.at(slot) && (!test || this.passes(slot, test));
  }

  private passes(slot: number, test: RowTest): boolean {
    const page = this.pages.at(slot);
    return test(this.documents.at(slot), page === NO_PAGE ? undefined : page);
  }
}
