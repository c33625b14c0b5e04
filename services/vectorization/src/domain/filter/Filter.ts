/** What a field may be compared with. */
export type FilterValue = string | number | boolean;

/** Comparisons, named as in S3 Vectors and other stores of the field. */
export const OPERATORS = [
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$nin',
  '$exists',
] as const;

export type Operator = (typeof OPERATORS)[number];

/** Says which chunks a search considers. */
export type Filter = { kind: 'all' | 'any'; filters: Filter[] } | FieldTest;

/** `field` is `file_name`, `page_number` or a key of the document's metadata. */
export type FieldTest = {
  kind: 'test';
  field: string;
  operator: Operator;
  /** `$in` and `$nin` take a list, `$exists` a boolean, all others one value. */
  operand: FilterValue | FilterValue[];
};

/** The field whose value differs within a document. */
export const PAGE_FIELD = 'page_number';
export const FILE_FIELD = 'file_name';
