import * as fc from 'fast-check';
import { JSON_CHUNK_SIZE, splitJson, splitJsonLines } from './json';

/** Every scalar with its path; texts are joined over chunks. */
function leaves(
  value: unknown,
  path = '',
  found = new Map<string, string>(),
): Map<string, string> {
  if (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length
  ) {
    for (const [key, below] of Object.entries(value)) {
      leaves(below, `${path}/${JSON.stringify(key)}`, found);
    }
    return found;
  }
  const text = (
    typeof value === 'string' ? value : JSON.stringify(value)
  ).replaceAll(/\s/g, '');
  found.set(path, (found.get(path) ?? '') + text);
  return found;
}

describe('splitJson', () => {
  it('keeps every value under its path within the size', () => {
    const value = fc.letrec(tie => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string({ maxLength: 900 }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('node'), { maxLength: 12 }),
        fc.dictionary(fc.string({ maxLength: 12 }), tie('node'), {
          maxKeys: 12,
          noNullPrototype: false,
        }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.record({ root: value }), root => {
        const chunks = splitJson(root);
        const found = new Map<string, string>();
        for (const chunk of chunks) {
          expect(chunk.length).toBeLessThanOrEqual(JSON_CHUNK_SIZE);
          leaves(JSON.parse(chunk), '', found);
        }
        expect(sorted(found)).toEqual(sorted(leaves(root)));
      }),
    );
  });

  it('fills chunks and repeats the path to what they hold', () => {
    const chunks = splitJson({
      order: { id: 7, notes: ['n'.repeat(264), 'short'] },
    });
    expect(chunks.map(chunk => JSON.parse(chunk))).toEqual([
      { order: { id: 7, notes: { 0: 'n'.repeat(264) } } },
      { order: { notes: { 1: 'short' } } },
    ]);
  });

  it('takes keys that programs trip over, scalars and empty things', () => {
    const value = JSON.parse('{"__proto__":{"constructor":1}}');
    expect(splitJson(value)).toEqual(['{"__proto__":{"constructor":1}}']);
    expect(splitJson('x')).toEqual(['"x"']);
    expect(splitJson({})).toEqual([]);
    expect(splitJson({ a: [], b: {} })).toEqual(['{"a":[],"b":{}}']);
  });

  it('needs time in proportion to the size', () => {
    const rows = Array.from({ length: 40_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
    }));
    const startedAt = performance.now();
    expect(splitJson(rows).length).toBeGreaterThan(1000);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

it('cuts JSON lines into lines', () => {
  expect(splitJsonLines('{"a":1}\r\n\n  {"b":2}\n')).toEqual([
    '{"a":1}',
    '{"b":2}',
  ]);
});

function sorted(map: Map<string, string>): Array<[string, string]> {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
