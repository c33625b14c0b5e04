import type { Source, StoredDocument } from './SearchIndex';

/** The parts of OpenSearch's query language that the adapter uses; others are refused. */
export type Query = Record<string, any>;
export type Evaluated = { document: StoredDocument; score: number };

type Scope = {
  documents: StoredDocument[];
  /** Of the mapping. */
  properties: Record<string, any>;
};

/** Of Lucene's `stop` filter without a list of its own. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be but by for if in into is it no not of on or such that the their then there ' +
    'these they this to was will with'
  ).split(' '),
);

/** Best first; exact, while OpenSearch is approximate. */
export function evaluate(query: Query, scope: Scope): Evaluated[] {
  const [[kind, body]] = Object.entries(query);
  if (kind === 'knn') return nearest(body, scope);
  if (kind === 'match') return bestMatching(body, scope);
  if (kind === 'bool') return evaluateBool(body, scope);
  return scope.documents
    .filter(({ source }) => passes(query, source))
    .map(document => ({ document, score: 0 }));
}

function evaluateBool(body: any, scope: Scope): Evaluated[] {
  const { must = [], ...filter } = body;
  const documents = scope.documents.filter(
    ({ source }) =>
      Object.keys(filter).length === 0 || passes({ bool: filter }, source),
  );
  if (must.length === 0) {
    return documents.map(document => ({ document, score: 0 }));
  }
  const kept = new Set(documents);
  // What stands in documents that a filter leaves out counts for how rare a word is.
  return evaluate(must[0], scope).filter(({ document }) => kept.has(document));
}

function nearest(body: any, { documents, properties }: Scope): Evaluated[] {
  const [[field, { vector, k, filter }]] = Object.entries<any>(body);
  const mapping = properties[field];
  if (mapping?.type !== 'knn_vector') {
    throw new Error(`Field '${field}' is not knn_vector type.`);
  }
  if (vector.length !== mapping.dimension) {
    throw new Error('Query vector has invalid dimension');
  }
  return documents
    .filter(({ source }) => !filter || passes(filter, source))
    .map(document => ({
      document,
      score: scoreOf(dot(document.source[field], vector)),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, k);
}

/** As faiss scores the space `innerproduct`. */
function scoreOf(product: number): number {
  return product > 0 ? 1 + product : 1 / (1 - product);
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, at) => sum + value * b[at], 0);
}

/** BM25 with k1 = 1.2 and b = 0.75. */
function bestMatching(body: any, { documents }: Scope): Evaluated[] {
  const [[field, text]] = Object.entries<string>(body);
  const all = documents.map(document => ({
    document,
    words: analyze(document.source[field]),
  }));
  const average =
    all.reduce((sum, { words }) => sum + words.length, 0) / all.length;
  const rarity = new Map(
    [...new Set(analyze(text))].map(word => {
      const n = all.filter(({ words }) => words.includes(word)).length;
      return [word, Math.log(1 + (all.length - n + 0.5) / (n + 0.5))];
    }),
  );
  return all
    .map(({ document, words }) => {
      let score = 0;
      for (const [word, weight] of rarity) {
        const count = words.filter(each => each === word).length;
        const norm = 1.2 * (0.25 + (0.75 * words.length) / average);
        score += (weight * count) / (count + norm);
      }
      return { document, score };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
}

/** Standard tokenizer, `lowercase`, `asciifolding`, `stop`. */
function analyze(text: string): string[] {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter(word => !STOP_WORDS.has(word));
}

function passes(query: Query, source: Source): boolean {
  const [[kind, body]] = Object.entries(query);
  switch (kind) {
    case 'match_all':
      return true;
    case 'match_none':
      return false;
    case 'bool':
      return passesBool(body, source);
    case 'exists':
      return valuesOf(source, body.field).length > 0;
    case 'term':
      return Object.entries(body).every(([field, value]) =>
        valuesOf(source, field).includes(value),
      );
    case 'terms':
      return Object.entries<unknown[]>(body).every(([field, values]) =>
        valuesOf(source, field).some(value => values.includes(value)),
      );
    case 'range':
      return Object.entries<any>(body).every(([field, range]) =>
        valuesOf(source, field).some(value => isWithin(value, range)),
      );
    default:
      throw new Error(`unknown query [${kind}]`);
  }
}

function passesBool(body: any, source: Source): boolean {
  const { filter = [], must_not: mustNot = [], should } = body;
  return (
    filter.every((each: Query) => passes(each, source)) &&
    !mustNot.some((each: Query) => passes(each, source)) &&
    (!should || should.some((each: Query) => passes(each, source)))
  );
}

function isWithin(value: any, range: Record<string, number>): boolean {
  return Object.entries(range).every(([operator, limit]) => {
    if (operator === 'gt') return value > limit;
    if (operator === 'gte') return value >= limit;
    return operator === 'lt' ? value < limit : value <= limit;
  });
}

function valuesOf(source: Source, path: string): any[] {
  const value = path
    .split('.')
    .reduce((each: any, name) => each?.[name], source);
  return value === undefined ? [] : [value].flat();
}
