import * as fc from 'fast-check';
import { CodeTable } from './CodeTable';
import { quantize } from './quantize';
import { TopList } from './TopList';

const cosine = (a: Float32Array, b: Float32Array) => {
  let [dot, left, right] = [0, 0, 0];
  a.forEach((value, index) => {
    dot += value * b[index];
    left += value * value;
    right += b[index] * b[index];
  });
  return dot / Math.sqrt(left * right);
};

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

describe('CodeTable', () => {
  it('scores nearly as exact cosines do, for any dimension and number of rows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 1500 }),
        fc.integer(),
        (dimension, rows, seed) => {
          const next = numbers(seed);
          const vector = () => Float32Array.from({ length: dimension }, next);
          const vectors = Array.from({ length: rows }, vector);
          const query = vector();
          const table = new CodeTable(dimension);
          vectors.forEach((each, id) =>
            table.add({
              id,
              documentNo: 1,
              pageNumber: null,
              ...quantize(each),
            }),
          );
          const best = new TopList(rows);
          table.scan(query, best);
          expect(best.entries()).toHaveLength(rows);
          for (const { item, score } of best.entries()) {
            expect(Math.abs(score - cosine(vectors[item], query))).toBeLessThan(
              0.02,
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('recalls what an exact search finds', () => {
    const next = numbers(7);
    const vector = () => Float32Array.from({ length: 64 }, next);
    const vectors = Array.from({ length: 5000 }, vector);
    const table = new CodeTable(64);
    vectors.forEach((each, id) =>
      table.add({ id, documentNo: 1, pageNumber: null, ...quantize(each) }),
    );
    let found = 0;
    for (let round = 0; round < 20; round++) {
      const query = vector();
      const exact = new TopList(10);
      vectors.forEach((each, id) => exact.offer(id, cosine(each, query)));
      const wanted = new Set(exact.entries().map(({ item }) => item));
      const best = new TopList(10);
      table.scan(query, best);
      found += best.entries().filter(({ item }) => wanted.has(item)).length;
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.95);
  });

  it('passes over rows that were removed, and over those a test refuses', () => {
    const table = new CodeTable(2);
    for (let id = 10; id < 15; id++) {
      table.add({
        id,
        documentNo: id % 2,
        pageNumber: id,
        ...quantize(Float32Array.of(1, id)),
      });
    }
    table.remove(12);
    table.remove(12);
    table.remove(99);
    const ids = (test?: (documentNo: number, page?: number) => boolean) => {
      const best = new TopList(9);
      table.scan(Float32Array.of(0, 1), best, test);
      return best.entries().map(({ item }) => item);
    };
    expect(ids()).toEqual([14, 13, 11, 10]);
    expect(ids(documentNo => documentNo === 0)).toEqual([14, 10]);
    expect(ids((_, page) => page! < 12)).toEqual([11, 10]);
  });

  it('answers nothing to a vector without a direction', () => {
    const table = new CodeTable(2);
    table.add({
      id: 1,
      documentNo: 1,
      pageNumber: null,
      ...quantize(Float32Array.of(0, 0)),
    });
    const best = new TopList(3);
    table.scan(Float32Array.of(1, 1), best);
    expect(best.entries()).toEqual([{ item: 1, score: 0 }]);
  });
});

describe('TopList', () => {
  it('keeps the best of any numbers, as sorting them would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 })),
        fc.integer({ min: 1, max: 8 }),
        (scores, limit) => {
          const best = new TopList(limit);
          scores.forEach((score, item) => best.offer(item, score));
          expect(best.entries()).toEqual(
            scores
              .map((score, item) => ({ item, score }))
              .sort((a, b) => b.score - a.score || a.item - b.item)
              .slice(0, limit),
          );
        },
      ),
    );
  });
});
