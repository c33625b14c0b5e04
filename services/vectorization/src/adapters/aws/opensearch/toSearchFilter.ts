import {
  type FieldTest,
  FILE_FIELD,
  type Filter,
  type FilterValue,
  PAGE_FIELD,
} from '../../../domain/filter/Filter';
import { numberKey, tagOf } from './chunkDocuments';

/** A query of OpenSearch that scores nothing. */
export type SearchFilter = Record<string, unknown>;

const NOTHING: SearchFilter = { match_none: {} };
const EVERYTHING: SearchFilter = { match_all: {} };

/** Says the same in the query language of OpenSearch. */
export function toSearchFilter(filter: Filter): SearchFilter {
  if (filter.kind === 'test') return toTest(filter);
  const filters = filter.filters.map(toSearchFilter);
  return filter.kind === 'all'
    ? { bool: { filter: filters } }
    : { bool: { should: filters, minimum_should_match: 1 } };
}

function toTest(test: FieldTest): SearchFilter {
  const { operator, operand } = test;
  const values = [operand].flat();
  switch (operator) {
    case '$exists':
      return operand ? exists(test.field) : not(exists(test.field));
    case '$eq':
    case '$in':
      return oneOf(test.field, values);
    case '$ne':
    case '$nin':
      return not(oneOf(test.field, values));
    default:
      return inRange(test.field, { [operator.slice(1)]: operand });
  }
}

function exists(field: string): SearchFilter {
  if (field === FILE_FIELD) return EVERYTHING;
  return field === PAGE_FIELD
    ? { exists: { field: PAGE_FIELD } }
    : { term: { tags: tagOf(field) } };
}

function oneOf(field: string, values: FilterValue[]): SearchFilter {
  if (field === FILE_FIELD) {
    return terms(FILE_FIELD, values.filter(isString));
  }
  if (field === PAGE_FIELD) {
    return terms(PAGE_FIELD, values.filter(Number.isInteger));
  }
  return terms(
    'tags',
    values.map(value => tagOf(field, value)),
  );
}

function inRange(field: string, range: Record<string, unknown>): SearchFilter {
  if (field === FILE_FIELD) return NOTHING;
  const name =
    field === PAGE_FIELD ? PAGE_FIELD : `numbers.${numberKey(field)}`;
  return { range: { [name]: range } };
}

function terms(field: string, values: FilterValue[]): SearchFilter {
  return values.length === 0 ? NOTHING : { terms: { [field]: values } };
}

function not(filter: SearchFilter): SearchFilter {
  return { bool: { must_not: [filter] } };
}

function isString(value: FilterValue): value is string {
  return typeof value === 'string';
}
