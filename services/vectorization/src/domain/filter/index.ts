export { bindFilter, type BoundFilter } from './bindFilter';
export type { FieldTest, Filter, FilterValue, Operator } from './Filter';
export { parseFilter } from './parseFilter';
