/** Largest number of a stored code: 16 · 7 + 7, see nibbles.ts. */
export const CODE_MAX = 119;

/** Of a query: small enough that sums over 16,000 dimensions fit into 32 bits. */
const QUERY_MAX = 1023;

/** A vector in one byte per dimension: `scale * code[i]` is nearly its i-th number. */
export type Code = { scale: number; code: Int8Array };

/**
 * Quantizes a vector, brought to length 1, so that dot products are cosines. Each vector
 * has its own scale: its largest number takes the whole range.
 */
export function quantize(vector: Float32Array): Code {
  const { largest, length } = measure(vector);
  const code = new Int8Array(vector.length);
  if (length === 0) return { scale: 0, code };
  const factor = CODE_MAX / largest;
  for (let index = 0; index < vector.length; index++) {
    code[index] = Math.round(vector[index] * factor);
  }
  return { scale: largest / (CODE_MAX * length), code };
}

/** A query in whole numbers, and what dot products with them are to be multiplied with. */
export function quantizeQuery(vector: Float32Array): {
  numbers: Int16Array;
  factor: number;
} {
  const { largest, length } = measure(vector);
  const numbers = new Int16Array(vector.length);
  if (length === 0) return { numbers, factor: 0 };
  const toNumber = QUERY_MAX / largest;
  for (let index = 0; index < vector.length; index++) {
    numbers[index] = Math.round(vector[index] * toNumber);
  }
  return { numbers, factor: largest / (QUERY_MAX * length) };
}

function measure(vector: Float32Array): { largest: number; length: number } {
  let largest = 0;
  let squares = 0;
  for (const value of vector) {
    largest = Math.max(largest, Math.abs(value));
    squares += value * value;
  }
  return { largest, length: Math.sqrt(squares) };
}
