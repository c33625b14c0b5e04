import { CodeMemory, ROWS_PER_BLOCK } from './CodeMemory';
import { ROWS_PER_STEP } from './dotProducts';
import { layOutQuery } from './nibbles';
import { quantizeQuery } from './quantize';

/** After so many steps of a block the rest follows at once, which takes less by then. */
const MAX_SINGLE_STEPS = 24;

/**
 * What the rows of one block after the other score for a query. It stands in the memory of
 * the codes: another query replaces it.
 */
export class QueryScores {
  private readonly start: number;
  private readonly factor: number;
  private readonly exactSteps = new Uint8Array(ROWS_PER_BLOCK / ROWS_PER_STEP);
  private singleSteps = 0;
  private block = 0;

  constructor(private readonly codes: CodeMemory, vector: Float32Array) {
    const { numbers, factor } = quantizeQuery(vector);
    this.start = layOutQuery(numbers, codes.query);
    this.factor = factor;
  }

  /**
   * Scores the first rows of a block: cosines are hardly ever larger. What is answered stays
   * up to date, until the next block.
   */
  bound(block: number, count: number): Float32Array {
    this.block = block;
    this.exactSteps.fill(0);
    this.singleSteps = 0;
    if (this.codes.isUneven(block)) this.makeAllExact();
    else this.scoreUpperHalves(count);
    return this.codes.scores.subarray(0, count);
  }

  /** Sees to it that the score of a row is its cosine. */
  makeExact(within: number): void {
    const step = Math.floor(within / ROWS_PER_STEP);
    if (this.exactSteps[step]) return;
    this.singleSteps += 1;
    if (this.singleSteps > MAX_SINGLE_STEPS) {
      this.makeAllExact();
    } else {
      this.exactSteps[step] = 1;
      this.scoreExactly(step * ROWS_PER_STEP, ROWS_PER_STEP);
    }
  }

  private makeAllExact(): void {
    this.exactSteps.fill(1);
    this.scoreExactly(0, ROWS_PER_BLOCK);
  }

  private scoreUpperHalves(count: number): void {
    const { codes, block } = this;
    codes.dotProducts(
      codes.halfAt('upper', block, 0),
      codes.halfBytes,
      0,
      this.start,
      count,
      codes.columnAt('upperScale', block),
      codes.columnAt('margin', block),
      codes.scoresAt,
      this.factor,
    );
  }

  private scoreExactly(within: number, count: number): void {
    const { codes, block, factor } = this;
    const scoresAt = codes.scoresAt + within * 4;
    codes.scores.fill(0, within, within + count);
    for (const half of ['upper', 'lower'] as const) {
      codes.dotProducts(
        codes.halfAt(half, block, within),
        codes.halfBytes,
        0,
        this.start,
        count,
        codes.columnAt('scale', block) + within * 4,
        scoresAt,
        scoresAt,
        half === 'upper' ? 16 * factor : factor,
      );
    }
  }
}
