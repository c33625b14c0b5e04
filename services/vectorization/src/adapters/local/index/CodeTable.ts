import { instantiateDotProducts, ROW_ALIGNMENT } from './dotProducts';
import { Code, quantizeQuery } from './quantize';
import { GrowingArray } from './GrowingArray';
import { TopList } from './TopList';

const ROWS_PER_BLOCK = 1024;
const PAGE_BYTES = 65536;

/** Stands for a chunk without a page. */
const NO_PAGE = -1;

export type CodeRow = {
  id: number;
  documentNo: number;
  pageNumber: number | null;
} & Code;

/** Which rows a search considers; everything when absent. */
export type RowTest = (documentNo: number, pageNumber?: number) => boolean;

/**
 * The codes of an index in memory, in blocks that are scanned one after the other. Rows
 * come in ascending order of id; removed ones keep their place until the table is built anew.
 */
export class CodeTable {
  private readonly rowBytes: number;
  private readonly blockBytes: number;
  private readonly codesAt: number;
  private readonly memory: WebAssembly.Memory;
  private readonly dotProducts: ReturnType<typeof instantiateDotProducts>;
  private readonly ids = new GrowingArray(Float64Array);
  private readonly documents = new GrowingArray(Int32Array);
  private readonly pages = new GrowingArray(Int32Array);
  private readonly dead = new GrowingArray(Uint8Array);
  private deadCount = 0;

  constructor(readonly dimension: number) {
    this.rowBytes = Math.ceil(dimension / ROW_ALIGNMENT) * ROW_ALIGNMENT;
    this.blockBytes = ROWS_PER_BLOCK * (this.rowBytes + 8);
    // The query stands in front, in two bytes per dimension.
    this.codesAt = this.rowBytes * 2;
    this.memory = new WebAssembly.Memory({ initial: this.pagesFor(1) });
    this.dotProducts = instantiateDotProducts(this.memory);
  }

  /** What a table of so many rows takes. */
  static bytesFor(dimension: number, rows: number): number {
    return rows * (Math.ceil(dimension / ROW_ALIGNMENT) * ROW_ALIGNMENT + 32);
  }

  get bytes(): number {
    return this.memory.buffer.byteLength + this.ids.length * 17;
  }

  get length(): number {
    return this.ids.length;
  }

  /** Whether building it anew would free much. */
  get isSparse(): boolean {
    return this.deadCount > 1024 && this.deadCount * 2 > this.length;
  }

  add(row: CodeRow): void {
    const { block, within } = place(this.length);
    this.reserve(block + 1);
    const at = this.blockAt(block);
    new Int8Array(
      this.memory.buffer,
      at + within * this.rowBytes,
      this.rowBytes,
    ).set(row.code);
    this.scales(block)[within] = row.scale;
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
    const query = new Int16Array(this.memory.buffer, 0, this.rowBytes);
    const factor = quantizeQuery(vector, query);
    const { view: dead } = this.dead;
    for (let start = 0; start < this.length; start += ROWS_PER_BLOCK) {
      const count = Math.min(ROWS_PER_BLOCK, this.length - start);
      const scores = this.scoreBlock(start / ROWS_PER_BLOCK, count);
      let floor = best.floor / factor;
      for (let within = 0; within < count; within++) {
        // Most rows end here; the floor is -Infinity at first.
        if (!(scores[within] > floor)) continue;
        const slot = start + within;
        if (dead[slot] || (test && !this.passes(slot, test))) continue;
        best.offer(this.ids.at(slot), scores[within] * factor);
        floor = best.floor / factor;
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

  private scoreBlock(block: number, count: number): Float32Array {
    const at = this.blockAt(block);
    const scalesAt = at + ROWS_PER_BLOCK * this.rowBytes;
    const scoresAt = scalesAt + ROWS_PER_BLOCK * 4;
    this.dotProducts(at, scalesAt, scoresAt, count, this.rowBytes, 0);
    return new Float32Array(this.memory.buffer, scoresAt, count);
  }

  private scales(block: number): Float32Array {
    const at = this.blockAt(block) + ROWS_PER_BLOCK * this.rowBytes;
    return new Float32Array(this.memory.buffer, at, ROWS_PER_BLOCK);
  }

  private blockAt(block: number): number {
    return this.codesAt + block * this.blockBytes;
  }

  private reserve(blocks: number): void {
    const missing =
      this.pagesFor(blocks) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) this.memory.grow(missing);
  }

  private pagesFor(blocks: number): number {
    return Math.ceil(this.blockAt(blocks) / PAGE_BYTES);
  }
}

function place(slot: number): { block: number; within: number } {
  return {
    block: Math.floor(slot / ROWS_PER_BLOCK),
    within: slot % ROWS_PER_BLOCK,
  };
}
