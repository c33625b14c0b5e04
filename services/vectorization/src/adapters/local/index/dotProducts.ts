import { ByteWriter, F32, I32, OP, SIMD, V128 } from './wasmBytes';

/** Rows are scored so many at a time: with fewer, the query is read as often as they are. */
export const ROWS_PER_STEP = 4;

/**
 * `scores[i] = scales[i] * factor * (start + dot(rows[i], query)) + addends[i]`. Everything is
 * in one memory and named by its address; scales, addends and scores have four bytes. At least
 * one row is scored, and always a multiple of {@link ROWS_PER_STEP}.
 */
export type DotProducts = (
  rows: number,
  rowBytes: number,
  query: number,
  start: number,
  count: number,
  scales: number,
  addends: number,
  scores: number,
  factor: number,
) => void;

let compiled: WebAssembly.Module | undefined;

/**
 * Dot products of rows of nibbles and a query, both laid out as nibbles.ts does.
 *
 * WebAssembly, because its 128-bit instructions multiply eight numbers at once: the same
 * loop in JavaScript takes many times as long, and a native library would have to be built
 * for each platform.
 */
export function instantiateDotProducts(
  memory: WebAssembly.Memory,
): DotProducts {
  compiled ??= new WebAssembly.Module(createModule());
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return instance.exports.dotProducts as DotProducts;
}

/** @see https://webassembly.github.io/spec/core/binary/modules.html */
function createModule(): Uint8Array<ArrayBuffer> {
  const module = new ByteWriter().bytes(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  module.section(1, types =>
    types
      .bytes(1, 0x60)
      .vector([...new Array(8).fill(I32), F32])
      .vector([]),
  );
  module.section(2, imports =>
    imports.bytes(1).name('env').name('memory').bytes(2, 0, 0),
  );
  module.section(3, functions => functions.vector([0]));
  module.section(7, exports =>
    exports.bytes(1).name('dotProducts').bytes(0, 0),
  );
  module.section(10, code => code.bytes(1).sized(writeFunction));
  return module.toBytes();
}

// Parameters come first among the locals.
const ROW = 0;
const ROW_BYTES = 1;
const QUERY = 2;
const START = 3;
const COUNT = 4;
const SCALES = 5;
const ADDENDS = 6;
const SCORES = 7;
const FACTOR = 8;
const QUERY_AT = 9;
const ROW_END = 10;
const ROWS = [ROW, 11, 12, 13];
const WORDS = 14;
const QUERY_PARTS = [15, 16, 17, 18];
const SUMS = [19, 20, 21, 22];

function writeFunction(out: ByteWriter): void {
  out.bytes(2, WORDS - QUERY_AT, I32, SUMS[3] + 1 - WORDS, V128);
  out.loop(() => {
    writeDots(out);
    SUMS.forEach((sum, row) => writeScore(out, sum, row));
    for (const address of [SCALES, ADDENDS, SCORES]) {
      out.advance(address, 4 * ROWS_PER_STEP);
    }
    // The last row ends where the next ones begin.
    out.get(ROWS[ROWS_PER_STEP - 1]).set(ROW);
    out.get(COUNT).constant(ROWS_PER_STEP).bytes(OP.i32Sub).tee(COUNT);
    out.constant(0).bytes(OP.i32GreaterSigned).repeatIf();
  });
  out.bytes(OP.end);
}

/** Of consecutive rows, each in four parts. */
function writeDots(out: ByteWriter): void {
  out.get(QUERY).set(QUERY_AT);
  out.get(ROW).get(ROW_BYTES).bytes(OP.i32Add).set(ROW_END);
  ROWS.slice(1).forEach((row, before) => {
    out.get(ROWS[before]).get(ROW_BYTES).bytes(OP.i32Add).set(row);
  });
  for (const sum of SUMS) {
    out.zeroVector().get(START).lane(SIMD.i32x4ReplaceLane, 0).set(sum);
  }
  out.loop(() => {
    QUERY_PARTS.forEach((part, at) =>
      out
        .get(QUERY_AT)
        .load(16 * at)
        .set(part),
    );
    out.advance(QUERY_AT, 64);
    SUMS.forEach((sum, at) => writeProducts(out, ROWS[at], sum));
    out.get(ROW).get(ROW_END).bytes(OP.i32LessUnsigned).repeatIf();
  });
}

/** Of 32 numbers of a row. */
function writeProducts(out: ByteWriter, row: number, sum: number): void {
  out.get(row).load(0).set(WORDS);
  out.advance(row, 16);
  QUERY_PARTS.forEach((part, nibble) => {
    out.get(WORDS);
    if (nibble > 0) {
      out.constant(4 * nibble).simd(SIMD.i16x8ShiftRightSigned);
    }
    out.get(part).simd(SIMD.i32x4DotI16x8);
    out.get(sum).simd(SIMD.i32x4Add).set(sum);
  });
}

function writeScore(out: ByteWriter, sum: number, row: number): void {
  const number = (address: number) =>
    out.get(address).bytes(OP.f32Load, 2, 4 * row);
  out.get(SCORES);
  for (let lane = 0; lane < 4; lane++) {
    out.get(sum).lane(SIMD.i32x4ExtractLane, lane);
    if (lane > 0) out.bytes(OP.i32Add);
  }
  out.bytes(OP.f32FromI32).get(FACTOR).bytes(OP.f32Multiply);
  number(SCALES).bytes(OP.f32Multiply);
  number(ADDENDS).bytes(OP.f32Add);
  out.bytes(OP.f32Store, 2, 4 * row);
}
