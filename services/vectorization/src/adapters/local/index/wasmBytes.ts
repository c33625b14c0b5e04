/** @see https://webassembly.github.io/spec/core/appendix/index-instructions.html */
export const OP = {
  loop: 0x03,
  end: 0x0b,
  repeatIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  f32Load: 0x2a,
  f32Store: 0x38,
  i32Const: 0x41,
  i32LessUnsigned: 0x49,
  i32GreaterSigned: 0x4a,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  f32Add: 0x92,
  f32Multiply: 0x94,
  f32FromI32: 0xb2,
  vector: 0xfd,
} as const;

/** Numbers behind the prefix of vector instructions. */
export const SIMD = {
  load: 0x00,
  const: 0x0c,
  i32x4ExtractLane: 0x1b,
  i32x4ReplaceLane: 0x1c,
  i16x8ShiftRightSigned: 0x8c,
  i32x4Add: 0xae,
  i32x4DotI16x8: 0xba,
} as const;

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;
const NO_RESULT = 0x40;

/** Writes a WebAssembly module, one instruction or piece after the other. */
export class ByteWriter {
  private readonly written: number[] = [];

  bytes(...values: number[]): this {
    this.written.push(...values);
    return this;
  }

  /** LEB128. */
  unsigned(value: number): this {
    let rest = value;
    while (rest > 0x7f) {
      this.written.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.written.push(rest);
    return this;
  }

  name(text: string): this {
    return this.vector([...Buffer.from(text)]);
  }

  vector(values: number[]): this {
    return this.unsigned(values.length).bytes(...values);
  }

  /** What `write` writes, with its size in front. */
  sized(write: (out: ByteWriter) => void): this {
    const inner = new ByteWriter();
    write(inner);
    return this.vector(inner.written);
  }

  section(id: number, write: (out: ByteWriter) => void): this {
    return this.bytes(id).sized(write);
  }

  loop(write: () => void): this {
    this.bytes(OP.loop, NO_RESULT);
    write();
    return this.bytes(OP.end);
  }

  /** Goes back to the start of the innermost loop. */
  repeatIf(): this {
    return this.bytes(OP.repeatIf, 0);
  }

  get(local: number): this {
    return this.bytes(OP.get, local);
  }

  set(local: number): this {
    return this.bytes(OP.set, local);
  }

  tee(local: number): this {
    return this.bytes(OP.tee, local);
  }

  /** From 0 to 8191, in signed LEB128. */
  constant(value: number): this {
    this.bytes(OP.i32Const);
    // A first byte of 64 or more would be read as negative.
    return value < 64
      ? this.bytes(value)
      : this.bytes((value & 0x7f) | 0x80, value >>> 7);
  }

  advance(local: number, by: number): this {
    return this.get(local).constant(by).bytes(OP.i32Add).set(local);
  }

  simd(instruction: number): this {
    return this.bytes(OP.vector).unsigned(instruction);
  }

  load(offset: number): this {
    return this.simd(SIMD.load).bytes(0).unsigned(offset);
  }

  zeroVector(): this {
    return this.simd(SIMD.const).bytes(...new Array(16).fill(0));
  }

  lane(instruction: number, lane: number): this {
    return this.simd(instruction).bytes(lane);
  }

  toBytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.written);
  }
}
