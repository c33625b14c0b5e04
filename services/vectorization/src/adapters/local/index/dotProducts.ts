import { ByteWriter, I32, OP, SIMD } from './wasmBytes';

/** Bytes of a row are a multiple of this. */
export const ROW_ALIGNMENT = 32;

export type DotProducts = (
  rows: number,
  scales: number,
  scores: number,
  count: number,
  rowBytes: number,
  query: number,
) => void;

let compiled: WebAssembly.Module | undefined;

/**
 * `scores[i] = scales[i] * dot(rows[i], query)` over rows of signed bytes and a query of
 * signed 16-bit numbers, all in one memory and named by their addresses.
 *
 * WebAssembly, because its 128-bit instructions multiply eight numbers at once: the same
 * loop in JavaScript takes about eight times as long, and a native library would have to
 * be built for each platform.
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
    types.bytes(1, 0x60).vector([I32, I32, I32, I32, I32, I32]).bytes(0),
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
const SCALE = 1;
const SCORE = 2;
const COUNT = 3;
const ROW_BYTES = 4;
const QUERY = 5;
const QUERY_AT = 6;
const ROW_END = 7;
const LOW_SUM = 8;
const BYTES = 9;
const HIGH_SUM = 10;

function writeFunction(out: ByteWriter): void {
  const V128 = 0x7b;
  out.bytes(2, 2, I32, 3, V128);
  out.loop(() => {
    out.get(QUERY).set(QUERY_AT);
    out.get(ROW).get(ROW_BYTES).bytes(OP.i32Add).set(ROW_END);
    out.zeroVector().set(LOW_SUM).zeroVector().set(HIGH_SUM);
    out.loop(() => writeProducts(out));
    writeScore(out);
    out.advance(SCALE, 4).advance(SCORE, 4);
    out.get(COUNT).constant(1).bytes(OP.i32Sub).tee(COUNT).repeatIf();
  });
  out.bytes(OP.end);
}

/** Two loads per turn: counting turns would take as long as multiplying otherwise. */
function writeProducts(out: ByteWriter): void {
  writeSixteenProducts(out, 0);
  writeSixteenProducts(out, 16);
  out.advance(QUERY_AT, 32).advance(QUERY_AT, 32);
  out.get(ROW).constant(32).bytes(OP.i32Add).tee(ROW);
  out.get(ROW_END).bytes(OP.i32LessUnsigned).repeatIf();
}

function writeSixteenProducts(out: ByteWriter, at: number): void {
  out.get(ROW).load(at).set(BYTES);
  const halves = [
    { extend: SIMD.i16x8ExtendLowI8x16, offset: 0, sum: LOW_SUM },
    { extend: SIMD.i16x8ExtendHighI8x16, offset: 16, sum: HIGH_SUM },
  ];
  for (const { extend, offset, sum } of halves) {
    out.get(BYTES).simd(extend);
    out.get(QUERY_AT).load(2 * at + offset);
    out.simd(SIMD.i32x4DotI16x8).get(sum).simd(SIMD.i32x4Add).set(sum);
  }
}

function writeScore(out: ByteWriter): void {
  out.get(LOW_SUM).get(HIGH_SUM).simd(SIMD.i32x4Add).set(LOW_SUM);
  out.get(SCORE);
  for (let lane = 0; lane < 4; lane++) {
    out.get(LOW_SUM).simd(SIMD.i32x4ExtractLane).bytes(lane);
    if (lane > 0) out.bytes(OP.i32Add);
  }
  out.bytes(OP.f32FromI32).get(SCALE).bytes(OP.f32Load, 2, 0);
  out.bytes(OP.f32Multiply, OP.f32Store, 2, 0);
}
