import { instantiateDotProducts } from './dotProducts';
import { splitCode, wordsPerHalf } from './nibbles';
import type { Code } from './quantize';

export const ROWS_PER_BLOCK = 1024;
const PAGE_BYTES = 65536;

/** Columns of a block behind its codes, with four bytes per row. */
const COLUMNS = { scale: 0, upperScale: 1, margin: 2 } as const;
const COLUMN_BYTES = ROWS_PER_BLOCK * 4;
const COLUMN_NAMES = Object.keys(COLUMNS) as Array<keyof typeof COLUMNS>;

/**
 * Codes in the memory of the kernel, in blocks. A scan takes about as long as memory takes to
 * be read, so a block keeps the upper halves of its codes together, which bound the cosines,
 * and the lower ones apart: these are read of the few rows that may be among the best.
 */
export class CodeMemory {
  readonly halfBytes: number;
  readonly scoresAt: number;
  readonly dotProducts: ReturnType<typeof instantiateDotProducts>;
  private readonly blockBytes: number;
  private readonly blocksAt: number;
  private readonly memory: WebAssembly.Memory;
  /** Rows per block that their upper halves say little of. */
  private readonly uneven: number[] = [];
  /** All of the memory; another one once that grew. */
  private numbers: Float32Array;

  constructor(readonly dimension: number) {
    this.halfBytes = wordsPerHalf(dimension) * 2;
    this.blockBytes = CodeMemory.bytesPerRow(dimension) * ROWS_PER_BLOCK;
    // The query stands in front, in two bytes per dimension.
    this.scoresAt = this.halfBytes * 4;
    this.blocksAt = this.scoresAt + COLUMN_BYTES;
    this.memory = new WebAssembly.Memory({ initial: this.pagesFor(1) });
    this.dotProducts = instantiateDotProducts(this.memory);
    this.numbers = new Float32Array(this.memory.buffer);
  }

  static bytesPerRow(dimension: number): number {
    return wordsPerHalf(dimension) * 4 + COLUMN_NAMES.length * 4;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  get query(): Int16Array {
    return new Int16Array(this.memory.buffer, 0, this.halfBytes * 2);
  }

  /** Of the rows of one block. */
  get scores(): Float32Array {
    const at = this.scoresAt / 4;
    return this.numbers.subarray(at, at + ROWS_PER_BLOCK);
  }

  /** Slots are filled one after the other. */
  put(slot: number, code: Code): void {
    const block = Math.floor(slot / ROWS_PER_BLOCK);
    const within = slot % ROWS_PER_BLOCK;
    this.reserve(block + 1);
    const halves = splitCode(
      code,
      this.words('upper', block, within),
      this.words('lower', block, within),
    );
    if (within === 0) this.uneven[block] = 0;
    if (halves.uneven) this.uneven[block] += 1;
    for (const name of COLUMN_NAMES) {
      this.numbers[this.columnAt(name, block) / 4 + within] = halves[name];
    }
  }

  /** Whether upper halves alone would say little of most rows. */
  isUneven(block: number): boolean {
    return this.uneven[block] * 2 > ROWS_PER_BLOCK;
  }

  halfAt(half: 'upper' | 'lower', block: number, within: number): number {
    const row = half === 'upper' ? within : ROWS_PER_BLOCK + within;
    return this.blockAt(block) + row * this.halfBytes;
  }

  columnAt(name: keyof typeof COLUMNS, block: number): number {
    return (
      this.halfAt('lower', block, ROWS_PER_BLOCK) + COLUMNS[name] * COLUMN_BYTES
    );
  }

  private words(...place: Parameters<CodeMemory['halfAt']>): Uint16Array {
    const at = this.halfAt(...place);
    return new Uint16Array(this.memory.buffer, at, this.halfBytes / 2);
  }

  private blockAt(block: number): number {
    return this.blocksAt + block * this.blockBytes;
  }

  private reserve(blocks: number): void {
    const missing = this.pagesFor(blocks) - this.bytes / PAGE_BYTES;
    if (missing <= 0) return;
    this.memory.grow(missing);
    this.numbers = new Float32Array(this.memory.buffer);
  }

  private pagesFor(blocks: number): number {
    return Math.ceil(this.blockAt(blocks) / PAGE_BYTES);
  }
}
