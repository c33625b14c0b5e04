import {
  type FieldTest,
  FILE_FIELD,
  type Filter,
  PAGE_FIELD,
} from '../../domain/filter/Filter';
import { FILE_KEY, metadataKey, PAGE_KEY } from './vectorMetadata';

/** A filter as `QueryVectors` takes it. */
export type S3Filter = { [key: string]: S3FilterValue };
type S3FilterValue =
  | string
  | number
  | boolean
  | S3FilterValue[]
  | { [key: string]: S3FilterValue };

/**
 * Says the same in the words of S3 Vectors. What it says of fields that a chunk lacks is
 * spelled out, because its documentation leaves that open.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-metadata-filtering.html
 */
export function toS3Filter(filter: Filter): S3Filter {
  if (filter.kind === 'test') return toTest(filter);
  const filters = filter.filters.map(toS3Filter);
  return filter.kind === 'all' ? { $and: filters } : { $or: filters };
}

function toTest({ field, operator, operand }: FieldTest): S3Filter {
  const key = toKey(field);
  if (operator !== '$ne' && operator !== '$nin') {
    return { [key]: { [operator]: operand } };
  }
  // Of a list, none of its items may be it: `$nin` says so, `$ne` does not.
  const none = Array.isArray(operand) ? operand : [operand];
  return { $or: [{ [key]: { $exists: false } }, { [key]: { $nin: none } }] };
}

function toKey(field: string): string {
  if (field === FILE_FIELD) return FILE_KEY;
  return field === PAGE_FIELD ? PAGE_KEY : metadataKey(field);
}
