import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { Knex } from 'knex';

/** What the permission rules turn into: a column and the values it may have. */
export type EnvironmentFilter = {
  column: 'owner' | 'tier';
  values: string[];
};

/** Narrows a query on `environments` to the rows that meet the criteria. */
export function applyCriteria(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<EnvironmentFilter>,
): void {
  if ('allOf' in criteria) {
    for (const child of criteria.allOf) {
      query.andWhere(group => applyCriteria(group, child));
    }
  } else if ('anyOf' in criteria) {
    query.andWhere(group => {
      for (const child of criteria.anyOf) {
        group.orWhere(alternative => applyCriteria(alternative, child));
      }
    });
  } else if ('not' in criteria) {
    query.whereNot(group => applyCriteria(group, criteria.not));
  } else {
    query.whereIn(criteria.column, criteria.values);
  }
}
