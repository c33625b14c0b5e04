import { Code, CODE_MAX } from './quantize';

// Numbers are put into words, and words taken apart, by their bits.
/* eslint-disable no-bitwise */

/** Numbers of a row are filled up to a multiple of this: so many nibbles make 128 bits. */
export const ROW_ALIGNMENT = 32;

const LANES = 8;
const PER_WORD = 4;

/**
 * Added to a number of a code it makes a byte of two nibbles that count from -8. Only the last
 * nibble of a word has a sign instead: so shifts to the right find each again.
 */
const EXCESS = 8 * 16 + 8;
const SIGN = 0x8000;

/** How often the standard deviation of what upper halves leave out is allowed for. */
const DEVIATIONS = 4;

/** A longer rest of a row is not only what rounding leaves. */
const MAX_ROUNDING = 0.25;

/** What is to be known of a code in two halves. */
export type Halves = {
  /** Times the dot product of a query and the code: a cosine. */
  scale: number;
  /** Times the dot product of a query and the upper half alone: nearly that cosine. */
  upperScale: number;
  /** The cosine is hardly ever larger than the upper half says by more than this. */
  margin: number;
  /** A few numbers are far above the others: the upper half says little of these. */
  uneven: boolean;
};

/** So many 16-bit words hold a half. */
export function wordsPerHalf(dimension: number): number {
  return (Math.ceil(dimension / ROW_ALIGNMENT) * ROW_ALIGNMENT) / PER_WORD;
}

/**
 * Splits a code into numbers from -8 to 7, so that each of it is `16 * upper + lower`, and
 * writes four of them to a word.
 */
export function splitCode(
  { code, scale }: Code,
  upper: Uint16Array,
  lower: Uint16Array,
): Halves {
  const { numbers, shrunk } = shrink(code);
  for (let word = 0, at = 0; at < numbers.length; word++) {
    // What stands behind the end is multiplied with 0.
    const first = numbers[at++] + EXCESS;
    const second = numbers[at++] + EXCESS;
    const third = numbers[at++] + EXCESS;
    const fourth = numbers[at++] + EXCESS;
    upper[word] =
      (first >> 4) |
      (second & 0xf0) |
      ((third & 0xf0) << 4) |
      (((fourth & 0xf0) << 8) ^ SIGN);
    lower[word] =
      (first & 15) |
      ((second & 15) << 4) |
      ((third & 15) << 8) |
      (((fourth & 15) << 12) ^ SIGN);
  }
  return measureHalves(numbers, scale / shrunk);
}

function measureHalves(numbers: Int8Array, scale: number): Halves {
  let upperSquares = 0;
  let products = 0;
  let squares = 0;
  let lostSquares = 0;
  for (let at = 0; at < numbers.length; at++) {
    const number = numbers[at];
    const upper = (number + 8) >> 4;
    upperSquares += upper * upper;
    products += upper * number;
    squares += number * number;
    if (upper === 0) lostSquares += number * number;
  }
  // The multiple of the upper half that comes nearest to the code.
  const multiple = upperSquares > 0 ? products / upperSquares : 0;
  const restSquares = Math.max(0, squares - multiple * products);
  const rest = squares > 0 ? Math.sqrt(restSquares / squares) : 0;
  const uneven = rest > MAX_ROUNDING || lostSquares * 2 > restSquares;
  return {
    scale,
    upperScale: scale * multiple,
    margin: uneven ? rest : marginOf(rest, numbers.length),
    uneven,
  };
}

/** Files of earlier versions hold codes up to 127, which would not split. */
function shrink(code: Int8Array): { numbers: Int8Array; shrunk: number } {
  let largest = 0;
  for (let at = 0; at < code.length; at++) {
    const number = code[at];
    if (number > largest) largest = number;
    else if (-number > largest) largest = -number;
  }
  if (largest <= CODE_MAX) return { numbers: code, shrunk: 1 };
  const shrunk = CODE_MAX / largest;
  return { numbers: code.map(number => Math.round(number * shrunk)), shrunk };
}

/**
 * What upper halves leave out of a row, of length `rest`, adds no more than `rest` to a cosine.
 * Where it is what rounding leaves its numbers are as good as random, and then that is about
 * `rest / √dimension`; but a query near to the row is near to the rest of it too, and up to
 * `rest²` comes on top.
 */
function marginOf(rest: number, dimension: number): number {
  return rest * Math.min(1, DEVIATIONS / Math.sqrt(dimension) + rest);
}

/**
 * Lays out the numbers of a query, at most 1927 each, for the words of {@link splitCode}, and
 * answers what every dot product begins with.
 *
 * With w0 … w3 for a word that was shifted to the right by 0, 4, 8 and 12 bits, its numbers are
 * w0 - 16 w1, w1 - 16 w2, w2 - 16 w3 and w3. Their product with the query's is
 * `q0 w0 + (q1 - 16 q0) w1 + (q2 - 16 q1) w2 + (q3 - 16 q2) w3`: nothing needs to be masked.
 */
export function layOutQuery(numbers: Int16Array, target: Int16Array): number {
  let start = 0;
  target.fill(0);
  for (let at = 0; at < target.length; at++) {
    const within = at % PER_WORD;
    const number = numbers[at] ?? 0;
    const previous = within > 0 ? numbers[at - 1] ?? 0 : 0;
    const word = Math.floor(at / PER_WORD);
    const lane = word % LANES;
    target[(word - lane) * PER_WORD + within * LANES + lane] =
      number - 16 * previous;
    if (within < PER_WORD - 1) start -= 8 * number;
  }
  return start;
}
