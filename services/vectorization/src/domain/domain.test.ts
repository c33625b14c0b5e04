import * as fc from 'fast-check';
import type { DocumentMetadata, FoundChunk } from './Chunk';
import { bindFilter, parseFilter } from './filter';
import { fuseRankings } from './fuseRankings';
import { inBatches } from './inBatches';
import { mapConcurrently } from './mapConcurrently';

const found = (chunkId: string): FoundChunk => ({
  chunkId,
  fileName: 'a.txt',
  text: chunkId,
  score: 0,
});

describe('fuseRankings', () => {
  const ranking = fc.uniqueArray(fc.constantFrom(...'abcdefgh'));

  it('orders by the sum of reciprocal ranks', () => {
    fc.assert(
      fc.property(fc.array(ranking), rankings => {
        const fused = fuseRankings(
          rankings.map(ids => ids.map(found)),
          100,
        );
        const sumOf = (id: string) =>
          rankings
            .filter(ids => ids.includes(id))
            .reduce((sum, ids) => sum + 1 / (61 + ids.indexOf(id)), 0);
        expect(new Set(fused.map(each => each.chunkId))).toEqual(
          new Set(rankings.flat()),
        );
        expect(fused).toHaveLength(new Set(rankings.flat()).size);
        const scores = fused.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        fused.forEach(each =>
          expect(each.score).toBeCloseTo(sumOf(each.chunkId), 12),
        );
      }),
    );
  });

  it('puts what both rankings hold above what one holds', () => {
    const fused = fuseRankings(
      [
        [found('a'), found('b')],
        [found('c'), found('b')],
      ],
      2,
    );
    expect(fused.map(({ chunkId }) => chunkId)).toEqual(['b', 'a']);
  });
});

/** The meaning of a filter, written down once more and without any shortcut. */
function allows(
  filter: any,
  fields: Record<string, string | number | boolean | string[] | undefined>,
): boolean {
  return Object.entries(filter).every(([key, condition]: [string, any]) => {
    if (key === '$and') return condition.every((f: any) => allows(f, fields));
    if (key === '$or') return condition.some((f: any) => allows(f, fields));
    const value = fields[key];
    const values = Array.isArray(value) ? value : [value];
    const tests: Record<string, (operand: any) => boolean> = {
      $eq: operand => values.includes(operand),
      $ne: operand => !values.includes(operand),
      $in: operand => operand.some((each: any) => values.includes(each)),
      $nin: operand => !operand.some((each: any) => values.includes(each)),
      $gt: operand => typeof value === 'number' && value > operand,
      $gte: operand => typeof value === 'number' && value >= operand,
      $lt: operand => typeof value === 'number' && value < operand,
      $lte: operand => typeof value === 'number' && value <= operand,
      $exists: operand => (value !== undefined) === operand,
    };
    return typeof condition === 'object'
      ? Object.entries(condition).every(([name, operand]) =>
          tests[name](operand),
        )
      : tests.$eq(condition);
  });
}

describe('filter', () => {
  const value = fc.oneof(
    fc.constantFrom('x', 'y'),
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
  );
  const number = fc.integer({ min: 0, max: 3 });
  const values = fc.array(value, { minLength: 1, maxLength: 3 });
  const condition = fc.oneof(
    value,
    fc
      .record(
        {
          $eq: value,
          $ne: value,
          $gt: number,
          $gte: number,
          $lt: number,
          $lte: number,
          $in: values,
          $nin: values,
          $exists: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      .filter(each => [1, 2, 3].includes(Object.keys(each).length)),
  );
  const field = fc.constantFrom('file_name', 'page_number', 'k', 'tags');
  const { filter } = fc.letrec<{ filter: object }>(tie => ({
    filter: fc.oneof(
      { maxDepth: 2 },
      fc.dictionary(field, condition, { minKeys: 1, maxKeys: 2 }),
      fc.record({
        $or: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({
        k: condition,
        $and: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }),
      }),
    ),
  }));

  it('passes what its meaning, evaluated chunk by chunk, passes', () => {
    fc.assert(
      fc.property(
        filter,
        fc.constantFrom('x', 'y'),
        fc.option(number, { nil: undefined }),
        fc.record(
          { k: value, tags: fc.array(fc.constantFrom('x', 'y')) },
          { requiredKeys: [] },
        ),
        (input, fileName, pageNumber, metadata) => {
          const bound = bindFilter(parseFilter(input), {
            fileName,
            metadata: metadata as DocumentMetadata,
          });
          const passes =
            typeof bound === 'function' ? bound(pageNumber) : bound;
          expect(passes).toBe(
            allows(input, {
              ...metadata,
              file_name: fileName,
              page_number: pageNumber,
            }),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('decides for a whole document when no page is asked for', () => {
    const document = { fileName: 'a.txt', metadata: { year: 2024 } };
    const bind = (input: object) => bindFilter(parseFilter(input), document);
    expect(bind({ file_name: 'a.txt', year: { $gt: 2000 } })).toBe(true);
    expect(bind({ file_name: 'b.txt', page_number: 3 })).toBe(false);
    expect(bind({ $or: [{ year: 2024 }, { page_number: 3 }] })).toBe(true);
    expect(bind({ constructor: { $exists: true } })).toBe(false);
  });

  it.each([
    [7, 'filter'],
    [{}, 'filter'],
    [{ $not: { a: 1 } }, 'filter.$not'],
    [{ $or: [] }, 'filter.$or'],
    [{ $or: [{ a: 1 }, { b: {} }] }, 'filter.$or.1.b'],
    [{ a: null }, 'filter.a'],
    [{ a: { $gt: '2020' } }, 'filter.a.$gt'],
    [{ a: { $in: [] } }, 'filter.a.$in'],
    [{ a: { $in: [1, {}] } }, 'filter.a.$in.1'],
    [{ a: { $exists: 1 } }, 'filter.a.$exists'],
    [{ a: 'x'.repeat(1001) }, 'filter.a'],
    [
      { $or: Array.from({ length: 65 }, (_, index) => ({ a: index })) },
      'filter.$or.64.a',
    ],
    [
      { $or: [{ $or: [{ $or: [{ $or: [{ $or: [{ a: 1 }] }] }] }] }] },
      'filter.$or.0.$or.0.$or.0.$or.0.$or.0',
    ],
  ])('refuses %j at %s', (input, path) => {
    expect(() => parseFilter(input)).toThrow(
      expect.objectContaining({
        issues: [{ path, message: expect.any(String) }],
      }),
    );
  });
});

describe('mapConcurrently', () => {
  async function* count(to: number) {
    for (let each = 0; each < to; each++) yield each;
  }

  it('never works on more than the limit, and reads no further', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await mapConcurrently(count(20), 3, async item => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setImmediate(resolve));
      running -= 1;
      done.push(item);
    });
    expect([most, done.length]).toEqual([3, 20]);
  });

  it('takes nothing more after a failure, and ends what is in hand', async () => {
    const ended: number[] = [];
    const work = mapConcurrently(count(20), 2, async item => {
      await new Promise(resolve => setImmediate(resolve));
      ended.push(item);
      if (item === 2) throw new Error('broken');
    });
    await expect(work).rejects.toThrow('broken');
    expect(ended.length).toBeLessThan(6);
  });

  it('groups items', async () => {
    const batches: number[][] = [];
    for await (const batch of inBatches(count(5), 2)) batches.push(batch);
    expect(batches).toEqual([[0, 1], [2, 3], [4]]);
  });
});
