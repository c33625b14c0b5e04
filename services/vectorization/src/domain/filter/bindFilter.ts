import type { DocumentMetadata } from '../Chunk';
import {
  FieldTest,
  FILE_FIELD,
  Filter,
  FilterValue,
  PAGE_FIELD,
} from './Filter';

/** Whether chunks of one document pass: all, none, or it depends on their page. */
export type BoundFilter = boolean | ((pageNumber?: number) => boolean);

type Field = DocumentMetadata[string] | undefined;

/**
 * Decides a filter for one document as far as that goes, so that a scan over many chunks
 * asks only about pages.
 *
 * A field that a document lacks passes `$ne`, `$nin` and `{"$exists": false}` only. A list
 * passes `$eq` and `$in` when one of its items does. `$gt`, `$gte`, `$lt` and `$lte` compare
 * numbers; a text never passes them.
 */
export function bindFilter(
  filter: Filter,
  document: { fileName: string; metadata: DocumentMetadata },
): BoundFilter {
  if (filter.kind === 'test') {
    if (filter.field === PAGE_FIELD) {
      return pageNumber => passes(filter, pageNumber);
    }
    return passes(filter, fieldOf(document, filter.field));
  }
  const bound = filter.filters.map(each => bindFilter(each, document));
  return filter.kind === 'all' ? all(bound) : any(bound);
}

function all(bound: BoundFilter[]): BoundFilter {
  if (bound.includes(false)) return false;
  const open = bound.filter(each => typeof each === 'function');
  if (open.length === 0) return true;
  return pageNumber => open.every(each => each(pageNumber));
}

function any(bound: BoundFilter[]): BoundFilter {
  if (bound.includes(true)) return true;
  const open = bound.filter(each => typeof each === 'function');
  if (open.length === 0) return false;
  return pageNumber => open.some(each => each(pageNumber));
}

function fieldOf(
  document: { fileName: string; metadata: DocumentMetadata },
  field: string,
): Field {
  if (field === FILE_FIELD) return document.fileName;
  return Object.hasOwn(document.metadata, field)
    ? document.metadata[field]
    : undefined;
}

function passes({ operator, operand }: FieldTest, field: Field): boolean {
  switch (operator) {
    case '$exists':
      return (field !== undefined) === operand;
    case '$eq':
      return holds(field, operand as FilterValue);
    case '$ne':
      return !holds(field, operand as FilterValue);
    case '$in':
      return (operand as FilterValue[]).some(value => holds(field, value));
    case '$nin':
      return !(operand as FilterValue[]).some(value => holds(field, value));
    default:
      return (
        typeof field === 'number' && compare(field, operator, operand as number)
      );
  }
}

function holds(field: Field, value: FilterValue): boolean {
  return Array.isArray(field)
    ? field.includes(value as string)
    : field === value;
}

function compare(
  field: number,
  operator: FieldTest['operator'],
  operand: number,
): boolean {
  if (operator === '$gt') return field > operand;
  if (operator === '$gte') return field >= operand;
  if (operator === '$lt') return field < operand;
  return field <= operand;
}
